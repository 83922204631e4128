import { describe, expect, it } from "vitest";
import { ConsoleDisplay } from "../../../engine/display/console-display.ts";
import { JsonDisplay } from "../../../engine/display/json-display.ts";
import { paintFor } from "../../../engine/display/paint.ts";
import { renderPolicies } from "../../../engine/display/render-policies.ts";
import type { Operation, Step } from "../../../engine/reporting/report.ts";
import type { Result } from "../../../engine/reporting/result.ts";
import type { ResourceState } from "../../../engine/state/resource-state.ts";
import { makeSecret, unknownValue } from "../../../lib/protocol/property-value.ts";

const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const state = (name: string, inputs: ResourceState["inputs"] = {}, parent = stack): ResourceState => ({
  urn: `urn:pulumi:dev::shop::test:index:Thing::${name}`,
  type: "test:index:Thing",
  custom: true,
  inputs,
  outputs: {},
  parent,
});
const step = (operation: Operation, current: ResourceState, fields: Partial<Step> = {}): Step => ({
  urn: current.urn,
  type: current.type,
  operation,
  new: current,
  changes: [],
  ...fields,
});
const root: Step = step("same", { ...state("root"), urn: stack, type: "pulumi:pulumi:Stack", parent: "" });
const update = step("update", state("a", { open: 2, token: makeSecret("new"), from: unknownValue }), {
  old: state("a", { open: 1, token: makeSecret("old"), from: "x" }),
  changes: ["open", "token", "from"].map((path) => ({
    path,
    kind: "update",
    inputDiff: true,
    replaces: path === "open",
  })),
});
const steps = [root, update, step("create", state("child", {}, update.urn)), step("same", state("still"))];
const result: Result = {
  exitCode: 0,
  summary: { same: 2, update: 1, create: 1 },
  steps: [],
  outputs: { url: "https://x", hidden: "[secret]" },
  seconds: 1.26,
  policies: [],
  errors: [],
};

function shown(preview: boolean, diff: boolean, failed?: [Step, string]): string {
  const lines: string[] = [];
  const display = new ConsoleDisplay({
    preview,
    diff,
    paint: (_format, text) => text,
    write: (line) => lines.push(line),
  });
  if (failed) display.failed(...failed);
  display.ended(result, steps);
  return lines.join("\n");
}

describe("the display", () => {
  it("shows the tree of what changes, the outputs, the summary and the duration", () => {
    expect(shown(false, false)).toMatchInlineSnapshot(`
      "
         pulumi:pulumi:Stack shop-dev
      ~  └─ test:index:Thing a updated [diff: ~from,~open,~token]
      +     └─ test:index:Thing child created

      Outputs:
          url: "https://x"
          hidden: "[secret]"

      Resources:
          +  1 created
          ~  1 updated
          2 unchanged

      Duration: 1.3 s"
    `);
  });

  it("says an error once: where it came, or at the end what was not said before", () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const display = new ConsoleDisplay({ preview: true, diff: false, paint: (_format, text) => text, write });
    display.message("error", "two settings\n  are wrong");
    display.ended({ ...result, exitCode: 1, errors: ["two settings\n  are wrong", "no changes were expected"] }, []);
    const text = lines.join("\n");
    expect(text.split("two settings")).toHaveLength(2);
    expect(text).toMatch(/\nErrors:\n {4}no changes were expected\n/);
  });

  it("shows old and new values on request, never secrets", () => {
    const text = shown(true, true);
    expect(text).toMatchInlineSnapshot(`
      "
         pulumi:pulumi:Stack shop-dev
      ~  └─ test:index:Thing a update
            │    ~ open: 1 => 2 (forces the replacement)
            │    ~ token: "[secret]" => "[secret]"
            │    ~ from: "x" => "[unknown]"
      +     └─ test:index:Thing child create

      Resources:
          +  1 to create
          ~  1 to update
          2 unchanged

      Duration: 1.3 s"
    `);
    expect(text).not.toMatch(/new|old/);
  });

  it("shows why a step failed in its place", () => {
    expect(shown(true, false, [step("create", state("bad")), "it is\nwrong"])).toContain(
      "bad failed\n           it is\n           wrong",
    );
  });

  it("has colours only on a terminal that takes them", () => {
    expect(paintFor({ isTTY: true }, {})("red", "x")).toBe("\u001b[31mx\u001b[39m");
    for (const [isTTY, environment] of [
      [false, {}],
      [true, { NO_COLOR: "1" }],
      [true, { TERM: "dumb" }],
    ] as const)
      expect(paintFor({ isTTY }, environment)("red", "x")).toBe("x");
  });

  it("shows what policy packs found as the CLI does, mandatory findings first", () => {
    const violations = [
      { policy: "a-hint", level: "advisory" as const, urn: update.urn, message: "Better so.\nBecause." },
      { policy: "z-rule", level: "mandatory" as const, urn: stack, message: "Must be so." },
    ];
    const reports = [
      { name: "strict", version: "v1.2.0", path: "policy", violations },
      { name: "calm", version: "0.1.0", path: "../calm", violations: [] },
    ];
    const plain = (_format: unknown, text: string) => text;
    expect(renderPolicies(reports, plain).join("\n")).toBe(`
Policies:
    ❌ strict@v1.2.0 (local: policy)
        - [mandatory]  z-rule  (pulumi:pulumi:Stack: shop-dev)
          Must be so.
        - [advisory]  a-hint  (test:index:Thing: a)
          Better so.
          Because.
    ✅ calm@v0.1.0 (local: ../calm)`);
    expect(renderPolicies([], plain)).toEqual([]);
  });

  it("can be one JSON document, with the names of the CLI", () => {
    let text = "";
    const display = new JsonDisplay((document) => {
      text += document;
    });
    display.message("warning", "careful");
    display.message("debug", "noise");
    display.ended(result, [update, step("delete", state("gone"), { leftover: true })]);
    expect(JSON.parse(text)).toMatchObject({
      changeSummary: { same: 2, update: 1, create: 1 },
      duration: 1.26e9,
      diagnostics: [{ severity: "warning", message: "careful" }],
      steps: [
        {
          op: "update",
          diffReasons: ["open", "token", "from"],
          replaceReasons: ["open"],
          detailedDiff: { open: { kind: "update-replace", inputDiff: true } },
          oldState: { inputs: { open: 1, token: "[secret]" } },
          newState: { inputs: { open: 2, token: "[secret]" } },
        },
        { op: "delete-replaced", detailedDiff: null },
      ],
      policies: [],
      outputs: { hidden: "[secret]" },
    });
    expect(text).not.toMatch(/"new"|"old"/);
  });
});
