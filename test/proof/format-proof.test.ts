import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { formatProof, isProven, proofAsJson } from "../../scripts/proof/format-proof.ts";
import type { CheckResult } from "../../scripts/proof/proof-target.ts";

const results: CheckResult[] = [
  { name: "GET /", ok: true, seen: "200", milliseconds: 4 },
  { name: "docker login", ok: false, seen: "401", milliseconds: 1234 },
  { name: "push", ok: "skipped", seen: 'needs "docker login", which is not proven', milliseconds: 0 },
];

describe("proof as a table", () => {
  it("has a line a check with verdict, name, time and what was seen, and the sum", () => {
    expect(formatProof(results, terminal(false))).toBe(
      [
        "ok       GET /             4 ms  200",
        "FAILED   docker login   1234 ms  401",
        'skipped  push              0 ms  needs "docker login", which is not proven',
        "1 passed, 1 failed, 1 skipped",
        "",
      ].join("\n"),
    );
  });

  it("has colours on a terminal, and the same text", () => {
    const coloured = formatProof(results, terminal(true));
    expect(coloured).toContain("\u001b[31mFAILED");
    expect(stripVTControlCharacters(coloured)).toBe(formatProof(results, terminal(false)));
  });
});

it("as JSON says whether it is proven, and every check", () => {
  expect(JSON.parse(proofAsJson(results))).toEqual({ proven: false, checks: results });
});

it("is proven when nothing failed: a skipped check does not count", () => {
  expect(isProven(results)).toBe(false);
  expect(isProven(results.filter(({ ok }) => ok !== false))).toBe(true);
});

function terminal(isTTY: boolean): NodeJS.WriteStream {
  const depth = { isTTY, getColorDepth: () => 8 };
  return Object.assign(new PassThrough(), depth) as unknown as NodeJS.WriteStream;
}
