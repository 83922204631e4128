import type { Display } from "../../engine/display/display.ts";
import { relay } from "../../engine/display/relay.ts";

/** Shows a run in two ways. */
export function both(first: Display, second: Display): Display {
  return relay((call) => {
    call(first);
    call(second);
  });
}
