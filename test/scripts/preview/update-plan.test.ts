import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlannedStep } from "../../../scripts/preview/update-plan.ts";
import { holdToPlan, savePlan } from "../../../scripts/preview/update-plan.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const hold = (file: string, steps: PlannedStep[], { stack = "dev", settings = "5e771" } = {}) =>
  holdToPlan(file, { stack, settings, steps });
const urn = (name: string) => `urn:pulumi:dev::registry-kit::docker:index/volume:Volume::${name}`;

describe("a saved plan", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let file: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    file = join(folder.path, "plan.json");
    savePlan(file, {
      stack: "dev",
      settings: "5e771",
      steps: [
        { urn: urn("a"), op: "create" },
        { urn: urn("b"), op: "update", diffReasons: ["memory", "restart"] },
        { urn: urn("c"), op: "same" },
      ],
    });
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it("allows what it says, and less", () => {
    const update = { urn: urn("b"), op: "update", diffReasons: ["memory"] };
    expect(() => hold(file, [{ urn: urn("a"), op: "create" }, update])).not.toThrow();
    expect(() => hold(file, [{ urn: urn("new"), op: "same" }])).not.toThrow();
  });

  it.each([
    ["another resource", { urn: urn("d"), op: "create" }, "create d"],
    ["another operation", { urn: urn("b"), op: "replace", diffReasons: ["memory"] }, "replace b memory"],
    ["another property", { urn: urn("b"), op: "update", diffReasons: ["port"] }, "update b port"],
    ["a change of what was to stay", { urn: urn("c"), op: "delete" }, "delete c"],
  ])("refuses %s, and names it", (_, step, line) => {
    expect(() => hold(file, [step])).toThrow(`Nothing was changed: what would be done now goes beyond the plan`);
    expect(() => hold(file, [step])).toThrow(`\n  ${line}`);
  });

  it("is of one stack, and of the kit", () => {
    expect(() => hold(file, [], { stack: "other" })).toThrow('is a plan of stack "dev", not of "other".');
    expect(() => hold(`${file}.none`, [])).toThrow("npm run preview -- --save-plan");
  });

  it("holds for the settings that it was made with", () => {
    expect(() => hold(file, [], { settings: "07e4" })).toThrow(
      'the settings of stack "dev" have changed since the plan',
    );
  });
});
