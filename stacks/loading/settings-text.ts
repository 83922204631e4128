import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isClone } from "../../lib/start-up/is-clone.ts";

/** Which stack of which project. */
export interface StackPlace {
  project: string;
  stack: string;
  /** Folder of the settings files. Default: stacks/ of this project. */
  folder?: string;
}

/** Of the package, the settings are those of the project that an engine runs. */
const settingsFolder = isClone
  ? dirname(import.meta.dirname)
  : join(process.env.PULUMI_NODEJS_ROOT_DIRECTORY ?? process.cwd(), "stacks");

/** What a person wrote into the settings file of a stack; undefined where there is no file. */
export function settingsText({ stack, folder = settingsFolder }: StackPlace): string | undefined {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
