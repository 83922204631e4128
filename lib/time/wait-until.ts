import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until there is an answer.
 * @param probe undefined means "not yet"; what it throws ends the wait.
 * @param limits milliseconds: how long in all, and between two questions.
 * @returns the answer, or undefined when time was up.
 */
export async function waitUntil<T>(
  probe: () => Promise<T | undefined>,
  limits: { within: number; every: number },
): Promise<T | undefined> {
  const deadline = performance.now() + limits.within;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    const left = deadline - performance.now();
    if (left <= 0) return undefined;
    await sleep(Math.min(limits.every, left));
  }
}
