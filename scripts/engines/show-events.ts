import type { Display } from "../../engine/display/display.ts";
import type { Operation, Severity, Step } from "../../engine/reporting/report.ts";
import type { Result } from "../../engine/reporting/result.ts";
import type { ResourceState } from "../../engine/state/resource-state.ts";
import type { EngineEvent, StepMetadata } from "../preview/digest-from-events.ts";
import { isAboutThisMachine } from "../preview/digest-from-events.ts";

/** The CLI's names of the operations; `replace` stands for a pair of others, and a refresh tells what it found at its end. */
const operations: Record<string, Operation> = {
  same: "same",
  create: "create",
  update: "update",
  delete: "delete",
  read: "read",
  "create-replacement": "replace",
  "delete-replaced": "delete",
  discard: "forget",
  import: "create",
};

/** Takes the events of a run of the Pulumi CLI (`--json`), a line each, and shows them as the built-in engine shows a run. */
export class EventView {
  readonly #display: Display;
  readonly #begun = performance.now();
  readonly #finished: Step[] = [];
  readonly #errors: string[] = [];
  #rest = "";

  constructor(display: Display) {
    this.#display = display;
  }

  /** @param text as it comes, lines may be cut */
  take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  /** Shows the end of the run. */
  end(code: number): void {
    this.#line(this.#rest);
    const summary: Result["summary"] = {};
    for (const { operation, leftover } of this.#finished) {
      if (!leftover) summary[operation] = (summary[operation] ?? 0) + 1;
    }
    const exitCode = code === 0 || code === 130 ? code : 1;
    const seconds = (performance.now() - this.#begun) / 1000;
    const result: Result = { exitCode, summary, steps: [], outputs: {}, seconds, policies: [], errors: this.#errors };
    this.#display.ended(result, this.#finished);
  }

  #line(line: string): void {
    if (!line.startsWith("{")) {
      if (line.trim() !== "") this.#display.message("info", line);
      return;
    }
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = JSON.parse(line) as EngineEvent;
    const started = stepOf(resourcePreEvent?.metadata);
    if (started) this.#display.started(started);
    const done = stepOf(resOutputsEvent?.metadata);
    if (done) {
      this.#finished.push(done);
      this.#display.finished(done, 0);
    }
    const failed = stepOf(resOpFailedEvent?.metadata);
    if (failed) this.#errors.push(`${failed.urn} failed`);
    if (!diagnosticEvent || isAboutThisMachine(diagnosticEvent)) return;
    const { severity, message, prefix = "", urn } = diagnosticEvent;
    const text = message.startsWith(prefix) ? message.slice(prefix.length) : message;
    this.#display.message(severityOf(severity), text, urn || undefined);
    if (severity === "error") this.#errors.push(text);
  }
}

function severityOf(severity: string): Severity {
  return severity === "error" || severity === "warning" || severity === "debug" ? severity : "info";
}

function stepOf(metadata: StepMetadata | undefined): Step | undefined {
  const operation = operations[metadata?.op ?? ""];
  if (!metadata || !operation) return undefined;
  const { urn, op, old, new: current, diffs } = metadata;
  const [type = ""] = urn.split("::")[2]?.split("$").slice(-1) ?? [];
  return {
    urn,
    type,
    operation,
    changes: (diffs ?? []).map((path) => ({ path, kind: "update", replaces: false, inputDiff: false })),
    ...(op === "delete-replaced" && { leftover: true }),
    ...(old && { old: old as ResourceState }),
    ...(current && { new: current as ResourceState }),
  };
}
