import type { Result } from "../operation.ts";
import type { Reporter, Step } from "../steps/report.ts";
import { relay } from "./relay.ts";

/** Shows a run to a person or a program. */
export interface Display extends Reporter {
  /** @param steps in the order in which they were finished; `result` holds what failed. */
  ended(result: Result, steps: Step[]): void;
}

/** Shows nothing. */
export const silentDisplay = relay(() => {});
