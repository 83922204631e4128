import { describe, expect, it } from "vitest";
import { failures, longestGap, requestRate } from "../../bench/harness/answers.ts";

const answers = [
  { start: 0, end: 10 },
  { start: 20, end: 30 },
  { start: 40, end: 45, problem: "connect ECONNREFUSED" },
  { start: 60, end: 480, problem: "socket hang up" },
  { start: 490, end: 500 },
  { start: 20, end: 1000 },
];

describe("the answers of a load", () => {
  it("are counted a second, good ones only", () => {
    expect(requestRate(answers)).toBe(4);
  });

  it("tell which requests failed", () => {
    expect(failures(answers).map(({ problem }) => problem)).toEqual(["connect ECONNREFUSED", "socket hang up"]);
  });

  it("tell the longest time without a good one, in the order in which they came", () => {
    expect(longestGap(answers)).toBe(500);
    expect(longestGap(answers.slice(0, 5))).toBe(470);
  });
});
