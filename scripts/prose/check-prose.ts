import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findRefusedWords } from "./find-refused-words.ts";
import { proseFiles } from "./prose-files.ts";

// Run by "npm run check". Exit code 1 where a text has a refused word.
const folder = resolve(process.argv[2] ?? ".");
const places = proseFiles(folder).flatMap((path) => findRefusedWords(path, readFileSync(join(folder, path), "utf8")));
for (const { path, line, word, instead } of places) {
  console.error(`${path}:${line} has "${word}". Write: ${instead}.`);
}
if (places.length > 0) {
  console.error(`${places.length} refused words. The list is in scripts/prose/refused-words.ts.`);
  process.exitCode = 1;
}
