import { interrupt } from "./interrupt-signal.ts";
import { turnProgressOff } from "./progress.ts";
import { complain } from "./terminal.ts";

/** As a shell names a program that a closed pipe has ended: 128 and the number of SIGPIPE. */
const closedPipe = 141;

/**
 * Where nobody reads any more (`| head -3`, a terminal that was closed), a command stops as with Ctrl-C: the step under way ends, what
 * was begun is cleaned up, and nothing more is said. The same where a line cannot be written (a file on a full disk), which is said.
 */
export function endQuietly(): void {
  let hasEnded = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // Each further write fails, too.
      if (hasEnded) return;
      hasEnded = true;
      turnProgressOff();
      const isClosed = ["EPIPE", "EIO", "ERR_STREAM_DESTROYED"].includes(error.code ?? "");
      if (!isClosed) complain(`What the command prints cannot be written: ${error.message}.`);
      interrupt();
      process.once("exit", () => {
        process.exitCode = isClosed ? closedPipe : 1;
      });
    });
  }
}
