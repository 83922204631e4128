import { existsSync, globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

/** A test that imports one of these starts processes or talks to a Docker daemon: packages, and files of the kit. */
const slow = new Set([
  ...["execa", "node:child_process", "node:worker_threads", "dockerode"],
  ...["engine/operation/operation.ts", "engine/plugins/plugin-process.ts"],
]);

const importPattern =
  /^(?:import|export)\s(?!type\s)(?:[^;"']*?\sfrom\s+)?"(?<static>[^"]+)"|\bimport\("(?<dynamic>[^"]+)"\)/gm;

/** Test files by what they need, as paths from the project's folder. */
export interface TestFiles {
  /** Neither Docker nor a process of their own: they may run side by side on every core. */
  fast: string[];
  /** Everything else. They wait for daemons and processes, and their timing counts. */
  real: string[];
}

/** How many fast files run at once. */
export const fastWorkers = availableParallelism();

/**
 * Sorts the test files by what they and their helpers under test/ import, so nobody keeps a list.
 * @param folder the project's folder
 * @param files test files in it, relative to it
 */
export function sortTests(folder: string, files: string[] = allTests(folder)): TestFiles {
  const known = new Map<string, boolean>();
  const isSlow = (file: string): boolean => {
    const answer = known.get(file);
    if (answer !== undefined) return answer;
    // For files that import each other: what the others need decides.
    known.set(file, false);
    const result = importsOf(join(folder, file)).some((name) => {
      if (!name.startsWith(".")) return slow.has(name);
      const imported = join(dirname(file), name);
      if (slow.has(imported)) return true;
      return imported.startsWith("test/") && existsSync(join(folder, imported)) && isSlow(imported);
    });
    known.set(file, result);
    return result;
  };
  return { fast: files.filter((file) => !isSlow(file)), real: files.filter(isSlow) };
}

function allTests(folder: string): string[] {
  return globSync("test/**/*.test.ts", { cwd: folder, exclude: ["test/mesh/**"] }).sort();
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(importPattern)].map(({ groups }) => (groups?.static ?? groups?.dynamic) as string);
}
