import type { DetailedChange } from "../plugins/resource-provider.ts";
import { parsePath } from "../steps/property-path.ts";
import type { Step } from "../steps/report.ts";
import type { Paint } from "./paint.ts";
import { renderValue, valueAt } from "./render-value.ts";

const signs = { add: "+", delete: "-", update: "~" } as const;
const formats = { add: "green", delete: "red", update: "yellow" } as const;

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
  return step.changes.map(({ path, kind, replaces }) => {
    const steps = parsePath(path);
    const [old, current] = [step.old, step.new].map(
      (state) => state && (valueAt(state.inputs, steps) ?? valueAt(state.outputs, steps)),
    );
    const values = [kind !== "add" && renderValue(old), kind !== "delete" && renderValue(current)].filter(Boolean);
    const reason = replaces ? paint("magenta", " (forces the replacement)") : "";
    return `${paint(formats[kind], `${signs[kind]} ${path}: ${values.join(" => ")}`)}${reason}`;
  });
}
