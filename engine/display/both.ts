import type { Display } from "./display.ts";
import { relay } from "./relay.ts";

/** Shows a run in two ways. */
export function both(first: Display, second: Display): Display {
  return relay((call) => {
    call(first);
    call(second);
  });
}
