import { setTimeout as sleep } from "node:timers/promises";

/** Repeats until `attempt` returns something other than undefined; what it throws is the reason shown at the deadline. */
export async function poll<T>(
  what: string,
  attempt: () => Promise<T | undefined> | T | undefined,
  { deadline = 30_000, pause = 100 } = {},
): Promise<T> {
  const end = performance.now() + deadline;
  for (;;) {
    let reason: unknown = "it was not so yet";
    try {
      const found = await attempt();
      if (found !== undefined) return found;
    } catch (error) {
      reason = error;
    }
    if (performance.now() + pause > end) throw new Error(`${what}: not within ${deadline} ms: ${reason}`);
    await sleep(pause);
  }
}
