import type { Reporter, Step } from "../reporting/report.ts";
import type { Result } from "../reporting/result.ts";

/** Shows a run to a person or a program. */
export interface Display extends Reporter {
  /** @param steps in the order in which they were finished; `result` holds what failed. */
  ended(result: Result, steps: Step[]): void;
}
