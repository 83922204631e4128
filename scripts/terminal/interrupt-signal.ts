import { complain } from "./terminal.ts";

let controller: AbortController | undefined;

/** The launcher and the terminal may both deliver one Ctrl-C. */
const sameInterrupt = 300;

/** Aborts at the first Ctrl-C, SIGTERM or SIGHUP, so that work under way ends well; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  if (controller) return controller.signal;
  const created = new AbortController();
  controller = created;
  let first = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (!created.signal.aborted) {
        first = Date.now();
        complain("\nStopping: steps under way are finished and saved. Ctrl-C again stops at once.");
        created.abort();
      } else if (Date.now() - first > sameInterrupt) {
        process.exit(130);
      }
    });
  }
  return created.signal;
}

/** Stops as the first Ctrl-C does, and says nothing. */
export function interrupt(): void {
  interruptSignal();
  controller?.abort();
}
