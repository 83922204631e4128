// Preloaded (`--import`) into the program. The SDK makes an error for each resource and each promise, to note where that came from, and
// reads its stack at once: its package source-map-support then maps each line, which took a third of the time of a big program. Those
// errors have no message. They are rendered as Node does; all others, which a person may read, are mapped as before.
// The SDK's compiler of TypeScript maps all of them.
import { createRequire } from "node:module";

const [, runner = ""] = process.argv;
const mapper = load();
mapper?.install(); // what the SDK installs later is then there already
const map = Error.prepareStackTrace;
if (mapper && map)
  Error.prepareStackTrace = (error, frames) =>
    error.message === "" ? [error, ...frames].join("\n    at ") : map(error, frames);

/** Of the SDK; it may have none. */
function load(): { install(): void } | undefined {
  try {
    return createRequire(`${runner}/index.js`)("source-map-support");
  } catch {
    return undefined;
  }
}
