import type { Readable, Writable } from "node:stream";

/** The standard streams of a shell, wherever it runs. */

export interface ShellStreams {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** Ends the shell, whatever it does. */
  close(): void;
  /** Calls back once when the shell or the way to it has ended. */
  onEnd(listener: () => void): void;
}
