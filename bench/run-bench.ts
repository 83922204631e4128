import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Measure } from "./harness/bench.ts";
import type { Figure } from "./harness/figure.ts";
import { Leftovers } from "./harness/leftovers.ts";

export type BenchOptions = Omit<Bench, "leftovers" | "folder">;

export interface BenchResult {
  figures: Figure[];
  /** Measures that did not end well, and what could not be removed: a line each. */
  problems: string[];
}

/**
 * Runs measures one after another. One that fails keeps no other from running; an abort ends the one under way and
 * leaves out the rest. Whatever a measure made is removed when it ends.
 */
export async function runBench(measures: readonly Measure[], options: BenchOptions): Promise<BenchResult> {
  const figures: Figure[] = [];
  const problems: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), "registry-kit-bench-"));
  try {
    for (const measure of measures) {
      if (options.signal.aborted) break;
      options.progress(`${measure.name}:`);
      const leftovers = new Leftovers();
      try {
        figures.push(...(await measure.run({ ...options, leftovers, folder })));
      } catch (error) {
        if (!options.signal.aborted) problems.push(`${measure.name}: ${(error as Error).message}`);
      } finally {
        const left = await leftovers.removeAll();
        problems.push(...left.map((line) => `${measure.name}: not removed: ${line}`));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return { figures, problems };
}
