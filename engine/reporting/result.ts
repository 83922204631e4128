import type { PropertyValue } from "../../lib/protocol/property-value.ts";
import type { PolicyReport } from "./policy-report.ts";
import type { Operation } from "./report.ts";

/** What a run did; of a preview, what it would do. */

export interface Result {
  /** 0: all went well; 130: interrupted; 1: something failed, or nobody wanted to go on after the preview. */
  exitCode: 0 | 1 | 130;
  /** Steps by operation. */
  summary: Partial<Record<Operation, number>>;
  steps: StepResult[];
  /** Of the stack, with secrets as `[secret]`. */
  outputs: Record<string, PropertyValue>;
  seconds: number;
  /** What the policy packs found. */
  policies: PolicyReport[];
  /** One clear message each; empty where all went well. */
  errors: string[];
}

export interface StepResult {
  urn: string;
  type: string;
  operation: Operation;
  /** Paths of the changed properties. */
  changed: string[];
  /** Why it failed. */
  error?: string;
}
