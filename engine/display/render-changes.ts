import { contains, parsePath } from "../../lib/protocol/property-path.ts";
import type { DetailedChange } from "../plugins/resource-provider.ts";
import type { Step } from "../reporting/report.ts";
import type { Paint } from "./paint.ts";
import { renderValue, valueAt } from "./render-value.ts";

const signs = { add: "+", delete: "-", update: "~" } as const;
const formats = { add: "green", delete: "red", update: "yellow" } as const;

/** The changes of a step without those that the option hideDiffs hides. */
export function shownChanges({ changes, new: current }: Step): DetailedChange[] {
  const hidden = (current?.hideDiff ?? []).map(parsePath);
  return changes.filter(({ path }) => !hidden.some((pattern) => contains(pattern, parsePath(path))));
}

/** The changed top-level properties on one line: `[diff: ~image,+labels]`. */
export function summarizeChanges(changes: DetailedChange[]): string {
  const kinds = new Map<string, DetailedChange["kind"]>();
  for (const { path, kind } of changes) {
    const steps = parsePath(path);
    const top = String(steps[0]);
    if (!top.startsWith("__")) kinds.set(top, steps.length === 1 && !kinds.has(top) ? kind : "update");
  }
  const parts = [...kinds].sort(([a], [b]) => a.localeCompare(b)).map(([name, kind]) => signs[kind] + name);
  return parts.length > 0 ? `[diff: ${parts.join(",")}]` : "";
}

/** One line for each changed property with its old and new value; a creation shows all its inputs. */
export function renderChanges(step: Step, paint: Paint): string[] {
  if (step.operation === "create") {
    const inputs = Object.entries(step.new?.inputs ?? {}).filter(([key]) => !key.startsWith("__"));
    return inputs.map(([key, value]) => paint("green", `+ ${key}: ${renderValue(value)}`));
  }
  return shownChanges(step).map(({ path, kind, replaces, inputDiff }) => {
    const steps = parsePath(path);
    // What is no difference of inputs is one between what is there and what is wanted; a refresh wants what is there.
    const current = step.new && (valueAt(step.new.inputs, steps) ?? valueAt(step.new.outputs, steps));
    const [first, second] = inputDiff ? [step.old?.inputs, step.old?.outputs] : [step.old?.outputs, step.old?.inputs];
    const old = valueAt(first ?? {}, steps) ?? valueAt(second ?? {}, steps);
    const values = [kind !== "add" && renderValue(old), kind !== "delete" && renderValue(current)].filter(Boolean);
    const reason = replaces ? paint("magenta", " (forces the replacement)") : "";
    return `${paint(formats[kind], `${signs[kind]} ${path}: ${values.join(" => ")}`)}${reason}`;
  });
}
