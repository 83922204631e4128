import { clearProgress, nameProgress } from "./progress.ts";

/** quiet: only what failed; verbose: each thing that is found and each step. */
export type Verbosity = "quiet" | "normal" | "verbose";

let chosen: Verbosity = "normal";

/** How much the commands say; by the options --quiet and --verbose. */
export function setVerbosity(verbosity: Verbosity): void {
  chosen = verbosity;
}

export function verbosity(): Verbosity {
  return chosen;
}

/**
 * A line for people on standard error, so that standard output belongs to the result (`--json`).
 *
 * @param level detail: what was found as it should be, which --verbose shows
 */
export function report(line: string, level?: "detail"): void {
  nameProgress(line);
  if (chosen === "quiet" || (level === "detail" && chosen !== "verbose")) return;
  complain(line);
}

/** A line on standard error that --quiet shows, too: what failed, and what to do. */
export function complain(line: string): void {
  clearProgress();
  process.stderr.write(`${line}\n`);
}

/** A line of the result, on standard output. */
export function show(line: string): void {
  if (chosen === "quiet") return;
  clearProgress();
  process.stdout.write(`${line}\n`);
}

/** How wide lines for people may be. */
export function columns(): number {
  return Math.max(40, process.stdout.columns ?? 80);
}
