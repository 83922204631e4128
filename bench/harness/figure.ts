import { median } from "./statistics.ts";

/** One side of a comparison: the values of its runs, in the order of the runs. */
export interface Series {
  label: string;
  values: number[];
}

/**
 * What is asked of a figure. A `target` that is missed makes the command fail, an `aim` does not. With a reference the
 * bound is on the ratio, else on the median.
 */
export interface Bound {
  kind: "target" | "aim";
  atMost?: number;
  atLeast?: number;
  /** Every run must keep it, not the median only. */
  everyRun?: boolean;
}

/** One number of the bench: that of the kit, beside that of a reference in the same run. */
export interface Figure {
  /** For people and for `jq`: `start`, `push-docker`. */
  name: string;
  /** What is measured, in one line. */
  title: string;
  unit: "ms" | "requests/s" | "MiB/s" | "requests" | "MiB" | "%";
  subject: Series;
  reference?: Series;
  bound?: Bound;
}

export type Verdict = "met" | "missed" | "none";

/** The median of the kit over the median of the reference; undefined without a reference. */
export function ratio({ subject, reference }: Figure): number | undefined {
  return reference && median(subject.values) / median(reference.values);
}

/** The ratio of each run: how much the machine's other work moved it. */
export function ratiosOfRuns({ subject, reference }: Figure): number[] {
  return reference ? subject.values.map((value, run) => value / (reference.values[run] ?? Number.NaN)) : [];
}

/** Whether the figure is what was asked of it; what is no number (nothing was measured) misses every bound. */
export function verdict(figure: Figure): Verdict {
  if (!figure.bound) return "none";
  const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY, everyRun = false } = figure.bound;
  const { values } = figure.subject;
  const judged = everyRun && values.length > 0 ? values : [ratio(figure) ?? median(values)];
  return judged.every((value) => value <= atMost && value >= atLeast) ? "met" : "missed";
}

/** `<= 1.3`, `>= 0.9`, `0`. */
export function boundText({ atMost, atLeast }: Bound): string {
  if (atMost === 0) return "0";
  return [...(atMost === undefined ? [] : [`<= ${atMost}`]), ...(atLeast === undefined ? [] : [`>= ${atLeast}`])].join(
    ", ",
  );
}
