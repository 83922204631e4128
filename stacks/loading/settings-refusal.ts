import type { Problem } from "../../lib/validation/describe-issues.ts";
import { Refusal } from "../../lib/validation/refusal.ts";
import { SettingsError } from "./load-settings.ts";
import { withPositions } from "./problem-positions.ts";

interface Place {
  project: string;
  stack: string;
}

/** What a program ends with whose settings have these problems: each with its line in the settings file. */
export async function refusal(problems: Problem[], place: Place): Promise<Refusal> {
  const placed = await withPositions(problems, place);
  return new Refusal(new SettingsError(place.stack, placed.toSorted(byLine)).message);
}

/** As they are met in the file; those without a place in it come last. */
function byLine({ at: a }: Problem, { at: b }: Problem): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return a.line - b.line || a.column - b.column;
}
