import { stripVTControlCharacters } from "node:util";
import { isProviderType, nameOf } from "../../lib/protocol/urn.ts";
import type { Display } from "../display/display.ts";
import { silentDisplay } from "../display/silent-display.ts";
import type { Reporter, Severity, Step } from "../reporting/report.ts";

/** What the SDK says of each resource whose failure the engine has reported, and of what depends on it. */
const consequence = /resource .* \[.*\] failed to register/;

/** Remembers what happened in a run, and shows it. Default providers are the engine's own affair, as in the CLI. */
export class RunLog implements Reporter {
  readonly finishedSteps: Step[] = [];
  readonly failedSteps: { step: Step; error: string }[] = [];
  /** What failed apart from steps. */
  readonly errors: string[] = [];
  /** What was said, debugging apart. */
  readonly messages: { severity: Severity; text: string; urn: string | undefined }[] = [];
  readonly #logged: string[] = [];
  #display: Display;

  constructor(display: Display) {
    this.#display = display;
  }

  get hasFailed(): boolean {
    return this.failedSteps.length + this.errors.length > 0;
  }

  /** What fails from here on fails because the run is over: nobody is told. */
  end(): void {
    this.#display = silentDisplay;
  }

  started(step: Step): void {
    if (!isDefaultProvider(step)) this.#display.started(step);
  }

  finished(step: Step, seconds: number): void {
    if (isDefaultProvider(step)) return;
    this.finishedSteps.push(step);
    this.#display.finished(step, seconds);
  }

  failed(step: Step, error: string): void {
    this.failedSteps.push({ step, error });
    this.#display.failed(step, error);
  }

  message(severity: Severity, text: string, urn?: string): void {
    this.#show(severity, text, urn, this.errors);
  }

  /** What the program or a plugin logs. An error that it can live with fails nothing, as with the CLI. */
  logged(severity: Severity, text: string, urn?: string): void {
    this.#show(severity, text, urn, this.#logged);
  }

  /** The program failed: the errors that it has logged say why. */
  countLogged(): void {
    this.errors.push(...this.#logged.splice(0));
  }

  #show(severity: Severity, raw: string, urn: string | undefined, errors: string[]): void {
    const text = stripVTControlCharacters(raw).trimEnd();
    if (severity === "error") {
      if ([...this.errors, ...this.#logged].includes(text)) return;
      if (this.failedSteps.length > 0 && consequence.test(text)) return;
      errors.push(text);
    }
    if (severity !== "debug") this.messages.push({ severity, text, urn });
    this.#display.message(severity, text, urn);
  }
}

function isDefaultProvider({ type, urn }: Step): boolean {
  return isProviderType(type) && /^default(_|$)/.test(nameOf(urn));
}
