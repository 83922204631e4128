const parts: Record<string, unknown> = {};
let isPrinted = false;

/** Adds to the one document that a command prints with --json. */
export function addResult(part: Record<string, unknown>): void {
  Object.assign(parts, part);
}

/** Prints a document of the command's own form. */
export function printResult(value: unknown): void {
  isPrinted = true;
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints what was added, where the command has printed nothing itself. */
export function finishResult(exitCode: number): void {
  if (!isPrinted) printResult({ ...parts, exitCode });
}
