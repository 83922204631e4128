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
  return new Refusal(new SettingsError(place.stack, await withPositions(problems, place)).message);
}
