import type { Display } from "./display.ts";
import { relay } from "./relay.ts";

/** Holds back what a run shows until its end, and shows it only if it failed or was interrupted. */
export function ifFailed(display: Display): Display {
  const held: ((display: Display) => void)[] = [];
  return {
    ...relay((call) => held.push(call)),
    ended(result, steps) {
      if (result.exitCode === 0) return;
      for (const show of held) show(display);
      display.ended(result, steps);
    },
  };
}
