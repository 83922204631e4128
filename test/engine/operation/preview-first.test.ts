import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Display } from "../../../engine/display/display.ts";
import { ifFailed } from "../../../engine/display/if-failed.ts";
import { silentDisplay } from "../../../engine/display/silent-display.ts";
import type { PreviewFirst } from "../../../engine/operation/operation-options.ts";
import { steps, TestProject } from "../support/test-project.ts";

const quietly: PreviewFirst = { display: silentDisplay };

/** Writes a line for every time that it runs. */
const logged = `require("node:fs").appendFileSync("runs.log", pulumi.runtime.isDryRun() ? "preview\\n" : "update\\n");\n`;

function runs(project: TestProject): string[] {
  return readFileSync(join(project.folder, "runs.log"), "utf8").trimEnd().split("\n");
}

describe("an up with a preview before it", { timeout: 60_000 }, () => {
  it("runs the program twice with the same provider process, configured each time", async () => {
    using project = new TestProject(`${logged}new Thing("a", { value: 1 })`);
    const result = await project.run("up", { previewFirst: quietly });
    expect(steps(result)).toEqual(["create a"]);
    expect(runs(project)).toEqual(["preview", "update"]);
    expect(project.providers()).toHaveLength(1);
    expect(project.calls().filter((call) => call.startsWith("configure"))).toHaveLength(2);
    expect(project.objects()).toHaveLength(1);
  });

  it("has a process for each of several providers, in both passes", async () => {
    const provided = (name: string) =>
      `new Thing("${name}", {}, { provider: new TestProvider("of-${name}", { value: "${name}" }) });`;
    using project = new TestProject(provided("a") + provided("b"));
    const result = await project.run("up", { previewFirst: quietly });
    expect(steps(result)).toEqual(["create a", "create b"]);
    const configured = project.calls().filter((call) => call.startsWith("configure"));
    expect(configured.sort()).toEqual([
      'configure {"value":"a"}',
      'configure {"value":"a"}',
      'configure {"value":"b"}',
      'configure {"value":"b"}',
    ]);
  });

  it("starts a provider again that ended in between", async () => {
    using project = new TestProject(`new Thing("a", { value: 1 })`);
    const confirm = async () => {
      for (const pid of project.providers()) process.kill(pid, "SIGKILL");
      return true;
    };
    const result = await project.run("up", { previewFirst: { ...quietly, confirm } });
    expect(result).toMatchObject({ exitCode: 0, errors: [] });
    expect(new Set(project.providers()).size).toBe(2);
  });

  it("touches nothing where the preview fails, and returns what that found", async () => {
    using project = new TestProject(`${logged}new Thing("a", {}); new Thing("b", { invalid: true })`);
    const result = await project.run("up", { previewFirst: quietly });
    expect(result).toMatchObject({ exitCode: 1, errors: [expect.stringContaining("is not allowed")] });
    expect(runs(project)).toEqual(["preview"]);
    expect(project.objects()).toEqual([]);
  });

  it("touches nothing where nobody wants to go on", async () => {
    using project = new TestProject(`new Thing("a", {})`);
    const seen: string[][] = [];
    const confirm: PreviewFirst["confirm"] = async (preview) => {
      seen.push(steps(preview));
      return false;
    };
    expect(await project.run("up", { previewFirst: { ...quietly, confirm } })).toMatchObject({ exitCode: 1 });
    expect(seen).toEqual([["create a"]]);
    expect(project.objects()).toEqual([]);
  });

  it("keeps others out from the preview on", async () => {
    using project = new TestProject(`new Thing("a", {})`);
    const refused: string[] = [];
    const draft = `${project.stateFile}.1.draft`;
    const confirm = async () => {
      writeFileSync(draft, "half a state");
      await project.run("up").catch((error: Error) => refused.push(error.message));
      expect(existsSync(draft), "what the first run is writing").toBe(true);
      return true;
    };
    expect(await project.run("up", { previewFirst: { ...quietly, confirm } })).toMatchObject({ exitCode: 0 });
    expect(refused).toEqual([expect.stringContaining("lock")]);
  });
});

describe("an up that ends where nothing would change", { timeout: 60_000 }, () => {
  const ending: PreviewFirst = { ...quietly, endIfUnchanged: true };

  it("runs the program once and shows what was said and found", async () => {
    using project = new TestProject(`${logged}pulumi.log.warn("mind the gap"); new Thing("a", { value: 1 });
      exports.secret = pulumi.secret("s"); exports.plain = [1];`);
    await project.run("up", { previewFirst: ending });
    const before = readFileSync(project.stateFile, "utf8");
    const shown: string[] = [];
    const display: Display = {
      ...silentDisplay,
      message: (severity, text) => void (severity !== "debug" && shown.push(`${severity}: ${text}`)),
      ended: (result) => void shown.push(JSON.stringify(result.summary)),
    };
    const result = await project.run("up", { previewFirst: ending, display });
    expect(result).toMatchObject({ exitCode: 0, outputs: { secret: "[secret]", plain: [1] } });
    expect(shown).toEqual(["warning: mind the gap", '{"same":2}']);
    expect(runs(project)).toEqual(["preview", "update", "preview"]);
    expect(readFileSync(project.stateFile, "utf8")).toBe(before);
  });

  it.each([
    ["an output", `new Thing("a", { value: 1 }); exports.answer = 2;`],
    ["what protects a resource", `new Thing("a", { value: 1 }, { protect: true }); exports.answer = 1;`],
    ["a property", `new Thing("a", { value: 2 }); exports.answer = 1;`],
    ["a secret", `new Thing("a", { value: 1 }); exports.answer = pulumi.secret(1);`],
    [
      "what a resource depends on",
      `new Thing("a", { value: 1 }, { dependsOn: [new Group("g")] }); exports.answer = 1;`,
    ],
  ])("goes on where %s differs", async (_name, changed) => {
    using project = new TestProject(`new Thing("a", { value: 1 }); exports.answer = 1;`);
    await project.run("up", { previewFirst: ending });
    project.program(logged + changed);
    const before = readFileSync(project.stateFile, "utf8");
    await project.run("up", { previewFirst: ending });
    expect(runs(project)).toEqual(["preview", "update"]);
    expect(readFileSync(project.stateFile, "utf8")).not.toBe(before);
    await project.run("up", { previewFirst: ending });
    expect(runs(project)).toEqual(["preview", "update", "preview"]);
  });

  it("goes on where an interrupted run left something pending", async () => {
    using project = new TestProject(`new Thing("a", { value: 1, behave: "crash" })`);
    expect(await project.run("up")).toMatchObject({ exitCode: 1 });
    project.program(`new Thing("a", { value: 1 })`);
    expect(steps(await project.run("up", { previewFirst: ending }))).toEqual(["create a"]);
    expect(project.objects()).toHaveLength(1);
  });
});

describe("a display that shows only failures", { timeout: 60_000 }, () => {
  it.each([
    ["nothing of a run that went well", `pulumi.log.info("hello")`, []],
    [
      "all of one that failed",
      `pulumi.log.info("hello"); new Thing("a", { invalid: true })`,
      ["info: hello", "ended 1"],
    ],
  ])("shows %s", async (_name, program, expected) => {
    using project = new TestProject(program);
    const shown: string[] = [];
    const display: Display = {
      ...silentDisplay,
      message: (severity, text) => void (severity === "info" && shown.push(`${severity}: ${text}`)),
      ended: (result) => void shown.push(`ended ${result.exitCode}`),
    };
    await project.run("preview", { display: ifFailed(display) });
    expect(shown).toEqual(expected);
  });
});
