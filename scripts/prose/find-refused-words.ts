import { refusedWords } from "./refused-words.ts";

/** A refused word in a file. */
export interface RefusedPlace {
  path: string;
  /** From 1. */
  line: number;
  /** As it stands there. */
  word: string;
  instead: string;
}

/** Files whose text keeps a refused word, and why. */
const exceptions = [
  // The script runs in services that exist: another text would update them.
  { file: /\/trust-script\.ts$/, word: /^whoever$/ },
];

/** Every refused word of a file, in the order of its lines; `path` is relative to the project. */
export function findRefusedWords(path: string, text: string): RefusedPlace[] {
  return text.split("\n").flatMap((content, index) =>
    refusedWords.flatMap(({ pattern, instead }) => {
      const word = pattern.exec(content)?.[0];
      if (word === undefined || exceptions.some((keeps) => keeps.file.test(path) && keeps.word.test(word))) return [];
      return [{ path, line: index + 1, word, instead }];
    }),
  );
}
