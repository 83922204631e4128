import { cpus, release, totalmem } from "node:os";
import { type Figure, ratio, ratiosOfRuns, verdict } from "./figure.ts";
import { median, spread } from "./statistics.ts";

/** Where and when figures were measured. */
export interface Circumstances {
  /** ISO 8601. */
  date: string;
  runs: number;
  engine: string;
  dockerEngine: string;
  image: string;
  machine: { processors: string; memoryGiB: number; kernel: string; node: string };
}

export function thisMachine(): Circumstances["machine"] {
  const processors = cpus();
  return {
    processors: `${processors.length} x ${processors[0]?.model.trim() ?? "unknown"}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
  };
}

/** A bench as plain data, for a file and for `--json`. `problems`: measures that did not end well, and why. */
export function reportOf(
  circumstances: Circumstances,
  figures: readonly Figure[],
  problems: readonly string[],
): object {
  return {
    ...circumstances,
    figures: figures.map((figure) => ({
      ...figure,
      median: median(figure.subject.values),
      ...(figure.reference
        ? {
            referenceMedian: median(figure.reference.values),
            ratio: ratio(figure),
            ratiosOfRuns: spread(ratiosOfRuns(figure)),
          }
        : {}),
      verdict: verdict(figure),
    })),
    problems,
  };
}
