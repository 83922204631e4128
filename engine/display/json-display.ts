import { topLevel } from "../../lib/protocol/property-path.ts";
import type { DetailedChange } from "../plugins/resource-provider.ts";
import type { Severity, Step } from "../reporting/report.ts";
import type { Result } from "../reporting/result.ts";
import { maskSecrets } from "../stack/read-outputs.ts";
import { orderedFields, type ResourceState } from "../state/resource-state.ts";
import type { Display } from "./display.ts";

/**
 * Shows a run as one JSON document, in the form of the CLI's `preview --json`: `steps` (op, urn, provider, oldState, newState,
 * diffReasons, replaceReasons, detailedDiff), `diagnostics`, `duration` in nanoseconds and `changeSummary`; beside it `policies`,
 * `outputs` and `exitCode`, which the CLI does not tell there. Secrets are `[secret]`.
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
      steps: steps.map(stepDocument),
      diagnostics: this.#diagnostics,
      duration: Math.round(result.seconds * 1e9),
      changeSummary: Object.fromEntries(Object.entries(result.summary).map(([name, count]) => [nameOf(name), count])),
      policies: result.policies,
      outputs: result.outputs,
      exitCode: result.exitCode,
    };
    this.#write(JSON.stringify(document, null, 2));
  }
}

function stepDocument({ operation, leftover, urn, old, new: current, changes }: Step) {
  const provider = (current ?? old)?.provider;
  const replacing = changes.filter(({ replaces }) => replaces);
  return {
    op: leftover && operation === "delete" ? "delete-replaced" : nameOf(operation),
    urn,
    ...(provider && { provider }),
    ...(old && { oldState: stateDocument(old) }),
    ...(current && { newState: stateDocument(current) }),
    ...(changes.length > 0 && { diffReasons: reasons(changes) }),
    ...(replacing.length > 0 && { replaceReasons: reasons(replacing) }),
    detailedDiff: changes.length > 0 ? Object.fromEntries(changes.map(detailOf)) : null,
  };
}

function detailOf({ path, kind, replaces, inputDiff }: DetailedChange): [string, object] {
  return [path, { kind: replaces ? `${kind}-replace` : kind, inputDiff }];
}

function stateDocument(state: ResourceState): Record<string, unknown> {
  return orderedFields({ ...state, inputs: maskSecrets(state.inputs), outputs: maskSecrets(state.outputs) });
}

/** The properties that changes begin at. */
function reasons(changes: DetailedChange[]): string[] {
  return [...new Set(changes.map(({ path }) => topLevel(path)))];
}

/** Of the CLI's `--json`. */
function nameOf(operation: string): string {
  return operation === "forget" ? "discard" : operation;
}
