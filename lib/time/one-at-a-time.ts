const last = new Map<string, Promise<unknown>>();

/** Runs work after all earlier work of the same key in this process, whether that failed or not. */
export function oneAtATime<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
  last.set(key, turn);
  return turn;
}
