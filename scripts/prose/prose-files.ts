import { globSync } from "node:fs";
import { sep } from "node:path";

/** What the project does not write. */
const foreign = /(^|\/)(node_modules|dist|\.git|\.state|\.cache)$|^bench\/results$/;

/** What has such words as data. */
const data = [
  // The names of the programs are those of their recordings.
  "test/engine/programs/areas/",
  "test/engine/programs/recorded/",
  "scripts/prose/refused-words.ts",
  "scripts/prose/find-refused-words.ts",
  "test/scripts/prose/",
];

/** The files whose text people read, relative to the folder, sorted. */
export function proseFiles(folder: string): string[] {
  const patterns = ["**/*.{md,ts,cts,js,mjs,cjs,yml,yaml,sh}", ".github/**/*.{md,yml}", ".ci/*"];
  return globSync(patterns, { cwd: folder, exclude: (path) => foreign.test(slashed(path)) })
    .map(slashed)
    .filter((path) => !data.some((start) => path.startsWith(start)))
    .toSorted();
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}
