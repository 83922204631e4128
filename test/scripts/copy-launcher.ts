import { cpSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../scripts/project/project-root.ts";

/** Copies the launcher of the commands and what it imports into a project that has nothing else. */
export function copyLauncher(project: string): void {
  for (const file of [
    "scripts/start.mjs",
    "scripts/registry-kit.js",
    "scripts/command-line/npm-options.js",
    "lib/start-up/require-node.js",
    "lib/start-up/loopback-without-proxy.cjs",
  ])
    cpSync(join(projectRoot, file), join(project, file));
}
