import type { DetailedChange } from "../plugins/resource-provider.ts";
import type { ResourceState } from "../state/resource-state.ts";

/**
 * What a step does: `replace` is the creation of a new object for a resource that has one, `delete` also the
 * removal of the replaced one, `forget` takes a resource out of the state and leaves the object alone.
 */
export type Operation = "same" | "create" | "update" | "replace" | "delete" | "read" | "forget";

/** One step of a run, as the display and the result show it. */
export interface Step {
  urn: string;
  type: string;
  operation: Operation;
  /** The state before; absent for creations. */
  old?: ResourceState | undefined;
  /** The state after; absent for deletions. Outputs only where the step has ended. */
  new?: ResourceState;
  changes: DetailedChange[];
  /** The removal of an object that a replacement has left. */
  leftover?: boolean;
}

export type Severity = "debug" | "info" | "warning" | "error";

/** Takes what happens during a run. */
export interface Reporter {
  started(step: Step): void;
  finished(step: Step, seconds: number): void;
  /** @param urn of the resource that failed. */
  failed(step: Step, message: string): void;
  /** @param urn of the resource that the message is about. */
  message(severity: Severity, text: string, urn?: string): void;
}

/** Passes on what went wrong, and no steps. */
export function quiet(reporter: Reporter): Reporter {
  return {
    started() {},
    finished() {},
    failed: (step, message) => reporter.failed(step, message),
    message: (severity, text, urn) => reporter.message(severity, text, urn),
  };
}
