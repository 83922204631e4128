import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../../scripts/project/project-root.ts";

/** Runs code in a process of its own, where the SDK is not loaded yet; returns what it prints. */
async function run(code: string): Promise<string> {
  const before = `
    const { deferSdkModules } = await import("./stacks/start-up/defer-sdk-modules.ts");
    deferSdkModules();
    const pulumi = await import("@pulumi/pulumi");
    const loaded = () => Object.keys(require.cache).filter((file) => /arborist.lib.arborist.index.js|typescript.lib.typescript.js|automation.localWorkspace|normalize-package-data.lib.fixer/.test(file)).length;
    const { createRequire } = await import("node:module");
    const require = createRequire(process.cwd() + "/x.js");`;
  const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", `${before}\n${code}`], {
    cwd: projectRoot,
    timeout: 30_000,
  });
  return stdout;
}

describe("modules that the SDK loads and programs rarely need", () => {
  it("are not loaded with it", async () => {
    expect(await run("console.log(loaded())")).toBe("0");
  });

  it("are there when a closure is turned into text after all", async () => {
    const text = await run(`
      const secret = 42;
      const { text } = await pulumi.runtime.serializeFunction(() => secret + 1);
      console.log(loaded() > 0, /42/.test(text));`);
    expect(text).toBe("true true");
  });

  it("work when they are used after all", async () => {
    expect(await run("console.log(typeof pulumi.automation.LocalWorkspace.create, loaded() > 0);")).toBe(
      "function true",
    );
  });
});
