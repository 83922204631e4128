import type { Reporter } from "../reporting/report.ts";

/** How long a program may do nothing before the user is told. */
const patience = 60_000;

/** Tells the user when a program neither registers anything nor ends, and no step is what it waits for. */
export class SilenceWatch {
  #last = Date.now();
  readonly #timer: NodeJS.Timeout;

  /** @param isIdle whether no step is running. */
  constructor(isIdle: () => boolean, report: Reporter) {
    this.#timer = setInterval(() => {
      if (!isIdle() || Date.now() - this.#last < patience) return;
      this.active();
      const text = `The program has registered nothing for ${patience / 1000} s and has not ended. Ctrl-C stops the run.`;
      report.message("warning", text);
    }, patience / 4);
    this.#timer.unref();
  }

  active(): void {
    this.#last = Date.now();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
