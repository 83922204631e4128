import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPlugin } from "../../../engine/plugins/find-plugin.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "find-plugin-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function executable(path: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}
const find = (name: string, version = "", providerFolders: Record<string, string> = {}) =>
  findPlugin(name, version, {
    providerFolders,
    projectFolder: process.cwd(),
    environment: { PATH: join(root, "bin"), PULUMI_HOME: join(root, "home") },
  });

describe("a plugin", () => {
  it("is looked for in Pulumi.yaml, on PATH, in Pulumi's folder, and among those built in, in this order", () => {
    expect(find("docker").origin).toBe("built in");
    const installed = executable("home/plugins/resource-docker-v5.2.0/pulumi-resource-docker");
    expect(find("docker").command).toBe(installed);
    const onPath = executable("bin/pulumi-resource-docker");
    expect(find("docker").command).toBe(onPath);
    const named = executable("own/pulumi-resource-docker");
    expect(find("docker", "", { docker: join(root, "own") }).command).toBe(named);
  });

  it("of Pulumi's folder is that of the wanted version, else the newest", () => {
    for (const version of ["5.2.0", "5.10.0", "5.9.0"])
      executable(`home/plugins/resource-x-v${version}/pulumi-resource-x`);
    expect(find("x", "5.9.0").command).toContain("v5.9.0");
    expect(find("x", "6.0.0").command).toContain("v5.10.0");
  });

  it("for dynamic providers is the SDK's own, whatever is on PATH", () => {
    executable("bin/pulumi-resource-pulumi-nodejs");
    expect(find("pulumi-nodejs").origin).toBe("the SDK");
  });

  it("that is nowhere is missed with all the places that were tried", () => {
    expect(() => find("nope", "1.0.0")).toThrow(/"nope" 1\.0\.0.*Pulumi\.yaml.*PATH.*plugins.*built in/);
    expect(() => find("x", "", { x: root })).toThrow("is no executable file");
  });
});
