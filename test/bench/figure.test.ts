import { describe, expect, it } from "vitest";
import { boundText, ratio, ratiosOfRuns, verdict } from "../../bench/harness/figure.ts";
import { figure } from "./figures.ts";

const target = "target" as const;

describe("a figure", () => {
  it("has the ratio of the medians, and one of each run", () => {
    const start = figure([120, 130, 500], [100, 100, 100]);
    expect(ratio(start)).toBe(1.3);
    expect(ratiosOfRuns(start)).toEqual([1.2, 1.3, 5]);
  });

  it("has no ratio without a reference", () => {
    expect(ratio(figure([1]))).toBeUndefined();
    expect(ratiosOfRuns(figure([1]))).toEqual([]);
  });

  it.each([
    [[130], [100], { kind: target, atMost: 1.3 }, "met"],
    [[131], [100], { kind: target, atMost: 1.3 }, "missed"],
    [[90], [100], { kind: target, atLeast: 0.9 }, "met"],
    [[89], [100], { kind: target, atLeast: 0.9 }, "missed"],
    [[131], [100], undefined, "none"],
  ])("%j against %j with the bound %j is %s", (kit, reference, bound, expected) => {
    expect(verdict(figure(kit, reference, bound))).toBe(expected);
  });

  it("without a reference is judged by its median, or by every run where one is too many", () => {
    expect(verdict(figure([0, 0, 1], undefined, { kind: target, atMost: 0 }))).toBe("met");
    expect(verdict(figure([0, 0, 1], undefined, { kind: target, atMost: 0, everyRun: true }))).toBe("missed");
    expect(verdict(figure([0, 0, 0], undefined, { kind: target, atMost: 0, everyRun: true }))).toBe("met");
  });

  it("of which nothing was measured misses its bound", () => {
    expect(verdict(figure([], [], { kind: target, atLeast: 0.9 }))).toBe("missed");
    expect(verdict(figure([], undefined, { kind: target, atMost: 0, everyRun: true }))).toBe("missed");
  });

  it("says its bound in one word", () => {
    expect(boundText({ kind: target, atMost: 1.3 })).toBe("<= 1.3");
    expect(boundText({ kind: target, atLeast: 0.9 })).toBe(">= 0.9");
    expect(boundText({ kind: target, atMost: 0 })).toBe("0");
  });
});
