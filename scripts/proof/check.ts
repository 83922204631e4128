import type { ProofContext } from "./proof-context.ts";
import type { CheckResult } from "./proof-target.ts";

/** One line of the proof. */
export interface Check {
  name: string;
  /** Earlier checks: when one of them failed, this one is skipped and says so. */
  needs(context: ProofContext): string[];
  /** Whatever it throws counts as a failure. The signal ends it when it takes too long or the user stops the proof. */
  run(context: ProofContext, signal: AbortSignal): Promise<Outcome>;
  /** It is about what users pushed: after an `up`, which cannot change that, a failure is a warning. */
  isOfContent?: true;
}

export type Outcome = Pick<CheckResult, "ok" | "seen">;

export function passed(seen: string): Outcome {
  return { ok: true, seen };
}

export function failed(seen: string): Outcome {
  return { ok: false, seen };
}

export function skipped(reason: string): Outcome {
  return { ok: "skipped", seen: reason };
}
