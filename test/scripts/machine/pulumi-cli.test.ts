import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureDockerPlugin } from "../../../scripts/engines/ensure-docker-plugin.ts";
import { findPulumiCli } from "../../../scripts/machine/pulumi-cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kit-"));
  mkdirSync(join(folder, "bin"));
  // Only what the test puts there is found; /bin is for the shell of the stand-ins.
  vi.stubEnv("PATH", join(folder, "bin"));
  vi.stubEnv("PULUMI_HOME", join(folder, "home"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string, ...path: string[]): string {
  const file = join(folder, ...path, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

async function find() {
  const lines: string[] = [];
  return { cli: await findPulumiCli((line) => lines.push(line)), lines };
}

describe("the Pulumi CLI", () => {
  it("is found on PATH with its version", async () => {
    const path = program("pulumi", "echo v3.260.0", "bin");
    const { cli, lines } = await find();
    expect(cli).toEqual({ path, version: "3.260.0", dockerPlugin: undefined });
    expect(lines).toEqual([`Pulumi CLI: 3.260.0 at ${path}, it will download its Docker plugin`]);
  });

  it.each([
    ["nothing on PATH", undefined, /^Pulumi CLI: not on PATH$/],
    ["an old release", "echo v3.99.0", /^Pulumi CLI: 3\.99\.0 at .* is older than 3\.200\.0, not used$/],
    ["a program that fails", "echo broken >&2; exit 1", /does not say its version: broken$/],
    ["a program that says no version", "echo hello", /does not say its version/],
  ])("is not used: %s", async (_name, script, line) => {
    if (script) program("pulumi", script, "bin");
    const { cli, lines } = await find();
    expect(cli).toBeUndefined();
    expect(lines).toEqual([expect.stringMatching(line)]);
  });

  it("has its Docker plugin in the folder of the SDK's version, or on PATH, which goes first", async () => {
    program("pulumi", "echo v3.260.0", "bin");
    program("pulumi-resource-docker", "", "home", "plugins", "resource-docker-v4.10.0");
    program("pulumi-resource-docker", "", "home", "plugins", "resource-docker-v5.10.0");
    expect((await find()).cli?.dockerPlugin, "another version is not what the CLI takes").toBeUndefined();
    const right = program("pulumi-resource-docker", "", "home", "plugins", "resource-docker-v5.2.0");
    program("pulumi-resource-docker-build", "", "home", "plugins", "resource-docker-build-v9.0.0");
    expect((await find()).cli?.dockerPlugin).toBe(right);
    const onPath = program("pulumi-resource-docker", "", "bin");
    expect((await find()).cli?.dockerPlugin).toBe(onPath);
  });

  it("downloads the plugin that it lacks; where it cannot, one message names the built-in engine", async () => {
    const warning = "warning: Error downloading plugin: no such host";
    program("pulumi", `echo "$@" >> ${folder}/calls; echo '${warning}' >&2; echo '${warning}' >&2; exit 255`, "bin");
    const cli = { path: join(folder, "bin", "pulumi"), version: "3.260.0", dockerPlugin: undefined };
    const options = { cwd: folder, env: {} };
    await expect(ensureDockerPlugin(cli, options)).rejects.toThrow(
      /has no Docker plugin 5\.2\.0, and cannot download it \(no such host\)\. Use the built-in engine.*--engine builtin/,
    );
    expect(readFileSync(join(folder, "calls"), "utf8")).toBe("plugin install resource docker 5.2.0 --color never\n");
    program("pulumi", "exit 0", "bin");
    await ensureDockerPlugin(cli, options);
    program("pulumi", "exit 1", "bin");
    await ensureDockerPlugin({ ...cli, dockerPlugin: "/there" }, options);
  });
});
