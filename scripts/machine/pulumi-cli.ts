import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { findProgram } from "./find-program.ts";
import type { Report } from "./prerequisite.ts";
import { compareVersions } from "./versions.ts";

/** The oldest CLI that is tried: it knows `plugins.providers` and `stackConfigDir` of Pulumi.yaml. */
export const minimumPulumi = "3.200.0";

export interface PulumiCli {
  path: string;
  /** `3.260.0` */
  version: string;
  /** The program of the Docker plugin; undefined where the CLI must download it first. */
  dockerPlugin: string | undefined;
}

/** Looks for the Pulumi CLI on PATH. It is never installed: the kit has a built-in engine. */
export async function findPulumiCli(report: Report): Promise<PulumiCli | undefined> {
  const path = findProgram("pulumi");
  if (!path) {
    report("Pulumi CLI: not on PATH", "detail");
    return undefined;
  }
  const result = await execa(path, ["version"], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    stdin: "ignore",
    timeout: 30_000,
    reject: false,
  });
  const version = /^v?(\d+\.\d+\.\d+\S*)/.exec(result.stdout)?.[1];
  if (!version || result.failed) {
    report(`Pulumi CLI: ${path} does not say its version: ${result.stderr.trim() || result.shortMessage}`);
    return undefined;
  }
  if (compareVersions(version, minimumPulumi) < 0) {
    report(`Pulumi CLI: ${version} at ${path} is older than ${minimumPulumi}, not used`);
    return undefined;
  }
  const dockerPlugin = findDockerPlugin();
  report(
    `Pulumi CLI: ${version} at ${path}${dockerPlugin ? "" : ", it will download its Docker plugin"}`,
    dockerPlugin ? "detail" : undefined,
  );
  return { path, version, dockerPlugin };
}

/** The plugin that the CLI wants: that of the SDK's own version, unless one is on PATH. */
export function dockerPluginVersion(): string {
  const file = fileURLToPath(import.meta.resolve("@pulumi/docker/package.json"));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The plugin on PATH (the CLI takes that first), else that of the right version in Pulumi's plugin folder. */
function findDockerPlugin(): string | undefined {
  const onPath = findProgram("pulumi-resource-docker");
  if (onPath) return onPath;
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const file = join(home, "plugins", `resource-docker-v${dockerPluginVersion()}`, "pulumi-resource-docker");
  return existsSync(file) ? file : undefined;
}
