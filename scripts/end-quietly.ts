import { interrupt } from "./interrupt-signal.ts";
import { turnProgressOff } from "./progress.ts";

/** As a shell names a program that a closed pipe has ended: 128 and the number of SIGPIPE. */
const closedPipe = 141;

/**
 * Where nobody reads any more (`| head -3`, a terminal that was closed), a command stops as with Ctrl-C: the step under way ends, what
 * was begun is cleaned up, and nothing more is said.
 */
export function endQuietly(): void {
  let hasEnded = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO" && error.code !== "ERR_STREAM_DESTROYED") throw error;
      // Each further write fails, too.
      if (hasEnded) return;
      hasEnded = true;
      turnProgressOff();
      interrupt();
      process.once("exit", () => {
        process.exitCode = closedPipe;
      });
    });
  }
}
