import type { Display } from "./display.ts";

/** Holds back what a run shows until its end, and shows it only if it failed or was interrupted. */
export function ifFailed(display: Display): Display {
  const held: (() => void)[] = [];
  return {
    started: (...step) => void held.push(() => display.started(...step)),
    finished: (...step) => void held.push(() => display.finished(...step)),
    failed: (...step) => void held.push(() => display.failed(...step)),
    message: (...text) => void held.push(() => display.message(...text)),
    ended(result, steps) {
      if (result.exitCode === 0) return;
      for (const show of held) show();
      display.ended(result, steps);
    },
  };
}
