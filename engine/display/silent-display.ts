import { relay } from "./relay.ts";

/** Shows nothing. */

export const silentDisplay = relay(() => {});
