import { styleText } from "node:util";
import type { CheckResult } from "./proof-target.ts";

/** The widest name that a line makes room for. */
const nameWidth = 32;

/** One line of the proof, for showing each check as it ends. In colour only when the stream is a terminal. */
export function formatCheck(
  { name, ok, seen, milliseconds }: CheckResult,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  const time = `${milliseconds} ms`.padStart(9);
  return `${verdict(ok, stream)}  ${name.padEnd(nameWidth)} ${time}  ${seen}`;
}

/** The proof for programs. */
export function proofDocument(results: CheckResult[]): { proven: boolean; checks: CheckResult[] } {
  return { proven: isProven(results), checks: results };
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
