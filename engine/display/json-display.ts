import type { Result } from "../operation.ts";
import type { Severity, Step } from "../steps/report.ts";
import type { Display } from "./display.ts";

/** Names of the CLI's `--json`. */
const operations = { forget: "discard" } as Record<string, string>;

/**
 * Shows a run as one JSON document, in the form of the CLI's `preview --json`: `steps` (op, urn, detailedDiff),
 * `diagnostics`, `duration` in nanoseconds and `changeSummary`; beside it `outputs` and `exitCode`.
 */
export class JsonDisplay implements Display {
  readonly #diagnostics: { severity: Severity; message: string; urn?: string }[] = [];
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  started(): void {}
  finished(): void {}
  failed(step: Step, message: string): void {
    this.message("error", message, step.urn);
  }

  message(severity: Severity, message: string, urn?: string): void {
    if (severity !== "debug") this.#diagnostics.push({ severity, message, ...(urn && { urn }) });
  }

  ended(result: Result, steps: Step[]): void {
    const document = {
      steps: steps.map((step) => ({
        op: step.leftover && step.operation === "delete" ? "delete-replaced" : nameOf(step.operation),
        urn: step.urn,
        ...(step.changes.length > 0 && {
          diffReasons: step.changes.map((change) => change.path),
          detailedDiff: Object.fromEntries(
            step.changes.map(({ path, kind, replaces }) => [path, { kind: replaces ? `${kind}-replace` : kind }]),
          ),
        }),
      })),
      diagnostics: this.#diagnostics,
      duration: Math.round(result.seconds * 1e9),
      changeSummary: Object.fromEntries(Object.entries(result.summary).map(([name, count]) => [nameOf(name), count])),
      outputs: result.outputs,
      exitCode: result.exitCode,
    };
    this.#write(JSON.stringify(document, null, 2));
  }
}

function nameOf(operation: string): string {
  return operations[operation] ?? operation;
}
