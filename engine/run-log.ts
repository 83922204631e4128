import type { Display } from "./display/display.ts";
import type { Reporter, Severity, Step } from "./steps/report.ts";

/** Remembers what happened in a run, and shows it. */
export class RunLog implements Reporter {
  readonly finishedSteps: Step[] = [];
  readonly failedSteps: { step: Step; error: string }[] = [];
  /** What failed apart from steps. */
  readonly errors: string[] = [];
  readonly #display: Display;

  constructor(display: Display) {
    this.#display = display;
  }

  get hasFailed(): boolean {
    return this.failedSteps.length + this.errors.length > 0;
  }

  started(step: Step): void {
    this.#display.started(step);
  }

  finished(step: Step, seconds: number): void {
    this.finishedSteps.push(step);
    this.#display.finished(step, seconds);
  }

  failed(step: Step, error: string): void {
    this.failedSteps.push({ step, error });
    this.#display.failed(step, error);
  }

  message(severity: Severity, text: string, urn?: string): void {
    if (severity === "error") {
      if (this.errors.includes(text)) return;
      this.errors.push(text);
    }
    this.#display.message(severity, text, urn);
  }
}
