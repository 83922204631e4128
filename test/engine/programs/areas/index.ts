import type { Program } from "../harness/program.ts";
import { aliases } from "./aliases.ts";
import { components } from "./components.ts";
import { deletions } from "./deletions.ts";
import { failures } from "./failures.ts";
import { options } from "./options.ts";
import { reads } from "./reads.ts";
import { replacements } from "./replacements.ts";
import { settingsOfProjects } from "./settings.ts";
import { states } from "./states.ts";
import { values } from "./values.ts";

/** The corpus, by area. */
export const areas: Record<string, Program[]> = {
  aliases,
  components,
  deletions,
  failures,
  options,
  reads,
  replacements,
  settings: settingsOfProjects,
  states,
  values,
};
