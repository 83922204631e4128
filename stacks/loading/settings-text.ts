import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Which stack of which project. */
export interface StackPlace {
  project: string;
  stack: string;
  /** Folder of the settings files. Default: stacks/ of this project. */
  folder?: string;
}

/** What a person wrote into the settings file of a stack; undefined where there is no file. */
export function settingsText({ stack, folder = dirname(import.meta.dirname) }: StackPlace): string | undefined {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
