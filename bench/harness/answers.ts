import type { Answer } from "./load.ts";

/** Good answers a second, from the first request to the last answer. */
export function requestRate(answers: readonly Answer[]): number {
  const good = answers.filter(({ problem }) => problem === undefined);
  const begin = Math.min(...answers.map(({ start }) => start));
  const end = Math.max(...answers.map(({ end }) => end));
  return good.length / ((end - begin) / 1000);
}

export function failures(answers: readonly Answer[]): Answer[] {
  return answers.filter(({ problem }) => problem !== undefined);
}

/** The longest time between two good answers that follow one another, in milliseconds. */
export function longestGap(answers: readonly Answer[]): number {
  const ends = answers
    .filter(({ problem }) => problem === undefined)
    .map(({ end }) => end)
    .toSorted((a, b) => a - b);
  return Math.max(...ends.slice(1).map((end, i) => end - (ends[i] ?? end)));
}
