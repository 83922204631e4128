import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { isClone } from "../../lib/start-up/is-clone.ts";

/** The folder of the kit itself: a clone, or the npm package. */
export const packageRoot = dirname(dirname(import.meta.dirname));

/** The folder of the user's Pulumi.yaml, settings and state: the clone, or where a command of the package was typed. */
export const projectRoot = isClone ? packageRoot : (nearestProject(process.cwd()) ?? process.cwd());

function nearestProject(folder: string): string | undefined {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  return folder === dirname(folder) ? undefined : nearestProject(dirname(folder));
}
