import type { Limiter, ReadWriteLock } from "../../lib/time/concurrency.ts";
import type { Policies } from "../policy/policies.ts";
import type { Reporter } from "../reporting/report.ts";
import type { StackState } from "../state/stack-state.ts";
import type { ProviderRegistry } from "./provider-registry.ts";

/** What all steps of one run share. */
export interface RunContext {
  project: string;
  stack: string;
  /** Nothing may be changed: providers are asked what they would do. */
  preview: boolean;
  state: StackState;
  providers: ProviderRegistry;
  /** Asked about every resource before its step; undefined: there are none. */
  policies: Policies | undefined;
  report: Reporter;
  /** Limits how many changes run at a time. */
  limiter: Limiter;
  /** Limits how many resources are decided about at a time: every question costs memory here and in the plugin. */
  questions: Limiter;
  /** Held while a step is decided; exclusively while a replacement takes its dependents with it. */
  planning: ReadWriteLock;
  /** URNs about which this run has decided: they cannot depend on what is decided later. */
  decided: Set<string>;
  /** URNs of what this run replaces. */
  replaced: Set<string>;
  /** Aborted by the first Ctrl-C: running steps finish, no other begins. */
  stop: AbortSignal;
  /** Now, as state records it. */
  now(): string;
}

/** The run was interrupted before this step began. */
export class Interrupted extends Error {
  override name = "Interrupted";
  constructor() {
    super("not done: the run was interrupted");
  }
}

/** A failure that has been reported already; the code that catches it stays silent. */
export class Reported extends Error {
  override name = "Reported";
}
