import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "./settings.ts";

/** What settings must keep to together. It reads only what it needs: where that has a mistake itself, the rule is left out. */
export type Rule = (settings: Settings, now: Date) => Problem[];

/** Thrown where a rule reads a setting that has a mistake itself, or is missing. */
export class NotKnown extends Error {
  override name = "NotKnown";
}

/** What a look at settings finds; nothing where it reads a setting that is not known. */
export function keep(look: () => Problem[]): Problem[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof NotKnown) return [];
    throw error;
  }
}
