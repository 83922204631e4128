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

/** Texts that keep a refused word, and why. */
const exceptions: Record<string, RegExp> = {
  // The script runs in services that exist: another text would update them.
  "components/nodes/swarm/trust-script.ts": /^whoever$/,
};

/** Every refused word of a file, in the order of its lines; `path` is relative to the project. */
export function findRefusedWords(path: string, text: string): RefusedPlace[] {
  return text.split("\n").flatMap((content, index) =>
    refusedWords.flatMap(({ pattern, instead }) => {
      const word = pattern.exec(content)?.[0];
      if (word === undefined || exceptions[path]?.test(word)) return [];
      return [{ path, line: index + 1, word, instead }];
    }),
  );
}
