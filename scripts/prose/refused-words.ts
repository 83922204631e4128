/** A word that no text of the kit has: pages, messages, comments, test titles. */
export interface RefusedWord {
  pattern: RegExp;
  /** What to write instead. */
  instead: string;
}

/** Words of old contracts, words that mean two things, and other words for a term of docs/terms.md. */
export const refusedWords: readonly RefusedWord[] = [
  { pattern: /\bshall\b/i, instead: "must, or will" },
  { pattern: /\bwho(m)?ever\b/i, instead: "anyone who, or the name of the program" },
  { pattern: /\bmend(s|ed|ing)?\b/i, instead: "fix, or repair" },
  { pattern: /\banew\b/i, instead: "again" },
  { pattern: /\bsomebody else\b/i, instead: "another user, another program, or foreign" },
  { pattern: /\bthere(of|in|to|with|upon|after)\b/i, instead: "of it, in it, then" },
  { pattern: /\bhere(of|in|to|with|by|upon|tofore)\b/i, instead: "of this, in this, so" },
  { pattern: /\bwhere(of|in|upon|by)\b/i, instead: "of which, in which, so" },
  { pattern: /\b(whence|whilst|amongst|hitherto|henceforth|unto|upon|nought)\b/i, instead: "a word of today" },
  { pattern: /\bown engine\b/i, instead: "built-in engine" },
  { pattern: /\bin (the )?clear\b/i, instead: "in plain text" },
  { pattern: /\b(take[ns]?|took)( [^ .,;:]+){0,3} away\b/i, instead: "remove" },
  { pattern: /\bfor ever\b/i, instead: "forever" },
  { pattern: /\bbeforehand\b/i, instead: "in advance, or before" },
  { pattern: /\blikewise\b/i, instead: "the same, or also" },
  { pattern: /\bmisspelt\b/i, instead: "misspelled" },
  { pattern: /\b(is|are) to be\b/i, instead: "must be, or will be" },
  { pattern: /\b(some|no)body can be asked\b/i, instead: "there is a terminal, there is no terminal" },
  { pattern: /\b[Tt]hrowaway\b/, instead: "throw-away" },
];
