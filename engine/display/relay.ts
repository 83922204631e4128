import type { Display } from "./display.ts";

/** A display that shows nothing itself. @param pass is given each call, to make it on other displays, now or later. */
export function relay(pass: (call: (display: Display) => void) => void): Display {
  return {
    started: (...step) => pass((display) => display.started(...step)),
    finished: (...step) => pass((display) => display.finished(...step)),
    failed: (...step) => pass((display) => display.failed(...step)),
    message: (...text) => pass((display) => display.message(...text)),
    ended: (...run) => pass((display) => display.ended(...run)),
  };
}
