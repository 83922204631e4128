import type { PropertyValue } from "../../lib/protocol/property-value.ts";
import { nameOf } from "../../lib/protocol/urn.ts";
import type { Severity, Step } from "../reporting/report.ts";
import type { Result } from "../reporting/result.ts";
import type { Display } from "./display.ts";
import { type Paint, refreshVerbs, signOf, verbs } from "./paint.ts";
import { renderPolicies } from "./render-policies.ts";
import { renderTree } from "./render-tree.ts";
import { renderValue } from "./render-value.ts";

export interface ConsoleDisplayOptions {
  preview: boolean;
  /** Show the values of changed properties. */
  diff: boolean;
  /** Of a refresh, which changes nothing. */
  refresh?: boolean;
  /** The caller removes afterwards what it forgets. */
  purges?: boolean;
  /** Show the outputs of the stack. Default: true. */
  outputs?: boolean;
  paint: Paint;
  write(line: string): void;
}

/** Shows a run as lines of text: each step as it goes, and at the end the tree of what changed. */
export class ConsoleDisplay implements Display {
  readonly #options: ConsoleDisplayOptions;
  readonly #errors = new Map<string, string>();
  readonly #failed: Step[] = [];
  /** Errors that stand above already, as they came. */
  readonly #told = new Set<string>();

  constructor(options: ConsoleDisplayOptions) {
    this.#options = options;
  }

  started(step: Step): void {
    if (!this.#isShown(step)) return;
    this.#line(step, this.#verbs[step.operation][0]);
  }

  finished(step: Step, seconds: number): void {
    if (!this.#isShown(step)) return;
    this.#line(step, `${this.#verbs[step.operation][1]} (${seconds.toFixed(1)} s)`);
  }

  failed(step: Step, error: string): void {
    this.#errors.set(step.urn, error);
    this.#failed.push(step);
    if (!this.#options.preview) this.#line(step, this.#options.paint("red", `failed: ${error}`));
  }

  message(severity: Severity, text: string, urn?: string): void {
    if (severity === "debug") return;
    const { paint, write } = this.#options;
    if (severity === "error") this.#told.add(text);
    const format = severity === "error" ? "red" : severity === "warning" ? "yellow" : "dim";
    const label = severity === "info" ? "" : `${severity}: `;
    write(paint(format, `${label}${urn ? `${nameOf(urn)}: ` : ""}${text}`));
  }

  ended(result: Result, steps: Step[]): void {
    const { preview, diff, purges = false, paint, write } = this.#options;
    const words = { verbs: this.#verbs, purges };
    const tree = renderTree([...steps, ...this.#failed], { preview, diff, paint, errors: this.#errors, ...words });
    if (tree.length > 0) write("");
    for (const line of tree) write(line);
    for (const line of renderPolicies(result.policies, paint)) write(line);
    const outputs = Object.entries(result.outputs);
    if (!preview && this.#options.outputs !== false && result.exitCode === 0 && outputs.length > 0) {
      write(`\n${paint("bold", "Outputs:")}`);
      for (const [name, value] of outputs) write(`    ${name}: ${renderOutput(value)}`);
    }
    write(`\n${paint("bold", "Resources:")}`);
    for (const line of summarize(result, preview, paint, this.#verbs)) write(`    ${line}`);
    const errors = result.errors.filter((error) => !this.#told.has(error));
    if (errors.length > 0) {
      write(`\n${paint(["bold", "red"], "Errors:")}`);
      for (const error of errors) write(`    ${error.replaceAll("\n", "\n    ")}`);
    }
    write(`\n${paint("bold", "Duration:")} ${result.seconds.toFixed(1)} s`);
  }

  get #verbs(): typeof verbs {
    return this.#options.refresh ? refreshVerbs : verbs;
  }

  #isShown({ operation }: Step): boolean {
    return !this.#options.preview && operation !== "same";
  }

  #line(step: Step, status: string): void {
    const { paint, write } = this.#options;
    const sign = signOf(step.operation, step.leftover ?? false, paint);
    write(`${sign} ${step.type} ${paint("bold", nameOf(step.urn))} ${status}`);
  }
}

function summarize({ summary, exitCode }: Result, preview: boolean, paint: Paint, words: typeof verbs): string[] {
  const operations = ["create", "update", "replace", "delete", "read", "forget"] as const;
  const counted = operations.flatMap((operation) => {
    const count = summary[operation];
    const verb = words[operation][preview ? 2 : 1];
    return count ? [`${signOf(operation, false, paint)} ${count} ${preview ? `to ${verb}` : verb}`] : [];
  });
  if (summary.same) counted.push(`${summary.same} unchanged`);
  if (counted.length > 0) return counted;
  return [exitCode === 0 ? "none" : "nothing was done"];
}

function renderOutput(value: PropertyValue): string {
  return typeof value === "object" ? JSON.stringify(value) : renderValue(value);
}
