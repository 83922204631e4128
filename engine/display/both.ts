import type { Display } from "./display.ts";

/** Shows a run in two ways. */
export function both(first: Display, second: Display): Display {
  return {
    started: (...step) => {
      first.started(...step);
      second.started(...step);
    },
    finished: (...step) => {
      first.finished(...step);
      second.finished(...step);
    },
    failed: (...step) => {
      first.failed(...step);
      second.failed(...step);
    },
    message: (...text) => {
      first.message(...text);
      second.message(...text);
    },
    ended: (...run) => {
      first.ended(...run);
      second.ended(...run);
    },
  };
}
