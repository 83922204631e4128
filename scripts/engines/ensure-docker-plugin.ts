import { execa } from "execa";
import type { PulumiCli } from "../machine/pulumi-cli.ts";
import { dockerPluginVersion } from "../machine/pulumi-cli.ts";
import { UserError } from "../terminal/user-error.ts";

/** How the CLI is called. */
interface CallOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Has the CLI download its Docker plugin where it has none, before it runs: left to itself it warns of each attempt.
 * @throws {UserError} where it cannot be had
 */
export async function ensureDockerPlugin({ path, dockerPlugin }: PulumiCli, options: CallOptions): Promise<void> {
  if (dockerPlugin) return;
  const version = dockerPluginVersion();
  const command = ["plugin", "install", "resource", "docker", version, "--color", "never"];
  const { exitCode, stderr } = await execa(path, command, { ...options, reject: false, stdin: "ignore" });
  if (exitCode === 0) return;
  const reason = /Error downloading plugin: (.*)/.exec(stderr)?.[1] ?? stderr.trim().split("\n").at(-1);
  throw new UserError(
    `Engine: the Pulumi CLI has no Docker plugin ${version}, and cannot download it (${reason}). Use the built-in engine, which needs ` +
      "no plugin: add --engine builtin. Or put pulumi-resource-docker on PATH.",
  );
}
