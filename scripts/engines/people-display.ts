import type { Display } from "../../engine/display/display.ts";
import type { Paint } from "../../engine/display/paint.ts";
import { verbs } from "../../engine/display/paint.ts";
import { renderPolicies } from "../../engine/display/render-policies.ts";
import type { OperationKind } from "../../engine/operation/operation-options.ts";
import type { Operation, Severity, Step } from "../../engine/reporting/report.ts";
import type { Result } from "../../engine/reporting/result.ts";
import { nameOf } from "../../lib/protocol/urn.ts";
import { listNames } from "../terminal/list-names.ts";
import { nameProgress } from "../terminal/progress.ts";
import { saysNothingChanged } from "./says-nothing-changed.ts";

export interface PeopleDisplayOptions {
  kind: OperationKind;
  /** The look ahead before a change. */
  preview: boolean;
  /** What a teardown forgets is removed afterwards. */
  purges: boolean;
  paint: Paint;
  /** A line that --quiet leaves out. */
  write(line: string): void;
  /** A line that is always shown. */
  complain(line: string): void;
}

/** Shows a run to people: while it goes on, what is being done; then what failed, and in one line what was done. */
export class PeopleDisplay implements Display {
  readonly #options: PeopleDisplayOptions;
  readonly #told = new Set<string>();
  readonly #failed = new Set<string>();

  constructor(options: PeopleDisplayOptions) {
    this.#options = options;
  }

  started({ operation, urn }: Step): void {
    if (operation !== "same") nameProgress(`${capital(verbs[operation][0])} ${nameOf(urn)}`);
  }

  finished(): void {}

  failed(step: Step, error: string): void {
    this.#failed.add(step.urn);
    this.#tell("error", `${verbs[step.operation][0]} failed: ${error}`, step.urn);
  }

  message(severity: Severity, text: string, urn?: string): void {
    if (severity === "debug" || (severity === "error" && urn && this.#failed.has(urn))) return;
    this.#tell(severity, text, urn);
  }

  ended({ seconds, errors, exitCode, policies }: Result, steps: Step[]): void {
    const { kind, purges, write, complain, paint } = this.#options;
    if (kind === "refresh") for (const line of drift(steps)) write(line);
    for (const error of errors) {
      if (![...this.#told].some((told) => error.includes(told))) complain(paint("red", error));
    }
    const violated = policies.filter(({ violations }) => violations.length > 0);
    const tell = exitCode === 0 ? write : complain;
    if (this.#options.preview || exitCode !== 0) for (const line of renderPolicies(violated, paint)) tell(line);
    if (this.#options.preview) {
      if (exitCode !== 0 && ![...this.#told].some(saysNothingChanged)) complain("Nothing was changed.");
      return;
    }
    const done = counts(steps, kind, purges);
    const end =
      exitCode === 130 ? "; stopped before the end" : exitCode === 0 ? "" : "; the rest failed or did not start";
    const nothing = kind === "refresh" ? "nothing has drifted" : "nothing to do";
    const none = exitCode === 0 ? nothing : "nothing was changed";
    write(`${capital(done || none)}${end} (${seconds.toFixed(1)} s)`);
  }

  #tell(severity: Severity, text: string, urn?: string): void {
    const { paint, write, complain } = this.#options;
    // The CLI and the program may tell the same thing.
    if (this.#told.has(text)) return;
    this.#told.add(text);
    const line = `${severity === "info" ? "" : `${severity}: `}${urn ? `${nameOf(urn)}: ` : ""}${text.trimEnd()}`;
    if (severity === "error") complain(paint("red", line));
    else write(severity === "warning" ? paint("yellow", line) : line);
  }
}

/** What a look at the world found to be different: nothing was done to it. */
function drift(steps: Step[]): string[] {
  return steps.flatMap(({ operation, urn, changes }) => {
    if (operation === "delete") return [`Gone: ${nameOf(urn)}`];
    const changed = listNames([...new Set(changes.map(({ path }) => path.split(/[.[]/)[0] ?? ""))]);
    return operation === "update" ? [`Differs: ${nameOf(urn)}${changed ? ` (${changed})` : ""}`] : [];
  });
}

/** `3 created, 1 replaced, 10 unchanged`: of objects, as components and providers are none. */
function counts(steps: Step[], kind: OperationKind, purges: boolean): string {
  const words: Partial<Record<Operation, string>> =
    kind === "refresh"
      ? { update: "differ", delete: "gone" }
      : { forget: kind !== "destroy" ? "forgotten" : purges ? "left for the purge" : "kept" };
  const objects = steps.filter((step) => !step.leftover && isObject(step));
  return (["create", "update", "replace", "delete", "forget", "same"] as const)
    .flatMap((operation) => {
      const count = objects.filter((step) => step.operation === operation).length;
      return count > 0 ? [`${count} ${words[operation] ?? verbs[operation][1]}`] : [];
    })
    .join(", ");
}

function isObject({ type, old, new: current }: Step): boolean {
  return !type.startsWith("pulumi:") && (current ?? old)?.custom === true;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
