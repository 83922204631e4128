import { execFileSync } from "node:child_process";
import { describe, expect, it, vi } from "vitest";
import { runEnvironment } from "../../../engine/program/run-environment.ts";
import { engineSecrets } from "../../../scripts/engines/engine-secrets.ts";
import { projectRoot } from "../../../scripts/project/project-root.ts";

const secrets = { PULUMI_CONFIG_PASSPHRASE: "correct horse", PULUMI_ACCESS_TOKEN: "pul-1" };
const show = 'process.stdout.write(JSON.stringify([process.env.PULUMI_CONFIG_PASSPHRASE ?? "", process.env.OTHER]))';

describe("what opens the state", () => {
  it("is known to the engine at each call, and to no other program that a command starts", () => {
    for (const [name, value] of Object.entries(secrets)) vi.stubEnv(name, value);
    vi.stubEnv("OTHER", "x");
    expect(engineSecrets()).toEqual(secrets);
    expect(engineSecrets()).toEqual(secrets);
    expect(execFileSync(process.execPath, ["-e", show], { encoding: "utf8" })).toBe('["","x"]');
    vi.unstubAllEnvs();
  });

  it("is not handed to programs and plugins by the built-in engine", () => {
    expect(runEnvironment({ ...secrets, PULUMI_HOME: "/h", OTHER: "x" })).toEqual({
      PULUMI_HOME: "/h",
      OTHER: "x",
      NODE_COMPILE_CACHE: "/h/cache/node",
      no_grpc_proxy: "127.0.0.1,localhost",
    });
  });

  it("is not handed on by the program, to which the Pulumi CLI gives all it has", () => {
    const env = { ...process.env, ...secrets, OTHER: "x" };
    const options = { cwd: `${projectRoot}/stacks`, env, encoding: "utf8" } as const;
    expect(execFileSync(process.execPath, ["--require", "./before-sdk.cjs", "-e", show], options)).toBe('["","x"]');
  });
});
