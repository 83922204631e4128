import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { formatCheck, formatSum, isProven, proofDocument } from "../../../scripts/proof/format-proof.ts";
import type { CheckResult } from "../../../scripts/proof/proof-target.ts";

const results: CheckResult[] = [
  { name: "GET /", ok: true, seen: "200", milliseconds: 4 },
  { name: "docker login", ok: false, seen: "401", milliseconds: 1234 },
  { name: "push", ok: "skipped", seen: 'needs "docker login", which is not proven', milliseconds: 0 },
];

describe("proof as a table", () => {
  it("has a line a check with verdict, name, time and what was seen, and the sum", () => {
    expect(table(terminal(false))).toEqual([
      `ok       ${"GET /".padEnd(32)}      4 ms  200`,
      `FAILED   ${"docker login".padEnd(32)}   1234 ms  401`,
      `skipped  ${"push".padEnd(32)}      0 ms  needs "docker login", which is not proven`,
      "1 passed, 1 failed, 1 skipped",
    ]);
  });

  it("has colours on a terminal, and the same text", () => {
    const coloured = table(terminal(true)).join("\n");
    expect(coloured).toContain("\u001b[31mFAILED");
    expect(stripVTControlCharacters(coloured)).toBe(table(terminal(false)).join("\n"));
  });
});

it("as JSON says whether it is proven, and every check", () => {
  expect(JSON.parse(JSON.stringify(proofDocument(results)))).toEqual({ proven: false, checks: results });
});

it("is proven when nothing failed: a skipped check does not count", () => {
  expect(isProven(results)).toBe(false);
  expect(isProven(results.filter(({ ok }) => ok !== false))).toBe(true);
});

function table(stream: NodeJS.WriteStream): string[] {
  return [...results.map((result) => formatCheck(result, stream)), formatSum(results, stream)];
}

function terminal(isTTY: boolean): NodeJS.WriteStream {
  const depth = { isTTY, getColorDepth: () => 8 };
  return Object.assign(new PassThrough(), depth) as unknown as NodeJS.WriteStream;
}
