import { styleText } from "node:util";
import type { CheckResult } from "./proof-target.ts";

/** The widest name that a line makes room for before the table is known. */
const usualNameWidth = 32;

/** The proof as a table: one line a check, then the sum. In colour only when the stream is a terminal. */
export function formatProof(results: CheckResult[], stream: NodeJS.WriteStream = process.stdout): string {
  const width = Math.max(...results.map(({ name }) => name.length), 0);
  return [...results.map((result) => formatCheck(result, stream, width)), formatSum(results, stream), ""].join("\n");
}

/** One line of the table, for showing each check as it ends. */
export function formatCheck(
  { name, ok, seen, milliseconds }: CheckResult,
  stream: NodeJS.WriteStream = process.stdout,
  nameWidth = usualNameWidth,
): string {
  const time = `${milliseconds} ms`.padStart(9);
  return `${verdict(ok, stream)}  ${name.padEnd(nameWidth)} ${time}  ${seen}`;
}

/** The proof for programs: `{ "proven": …, "checks": [{ name, ok, seen, milliseconds }] }`. */
export function proofAsJson(results: CheckResult[]): string {
  return `${JSON.stringify({ proven: isProven(results), checks: results }, undefined, 2)}\n`;
}

/** Whether nothing failed. A skipped check does not count against the registry: its line says why it was skipped. */
export function isProven(results: CheckResult[]): boolean {
  return results.every(({ ok }) => ok !== false);
}

function verdict(ok: CheckResult["ok"], stream: NodeJS.WriteStream): string {
  if (ok === "skipped") return styleText("yellow", "skipped", { stream });
  if (ok === "warning") return styleText("yellow", "warning", { stream });
  return ok ? styleText("green", "ok     ", { stream }) : styleText("red", "FAILED ", { stream });
}

export function formatSum(results: CheckResult[], stream: NodeJS.WriteStream): string {
  const count = (wanted: CheckResult["ok"]) => results.filter(({ ok }) => ok === wanted).length;
  const warnings = count("warning");
  const warned = warnings === 0 ? "" : `, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
  const sum = `${count(true)} passed, ${count(false)} failed, ${count("skipped")} skipped${warned}`;
  return styleText(isProven(results) ? ["bold"] : ["bold", "red"], sum, { stream });
}
