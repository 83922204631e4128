import type { Bench } from "./bench.ts";

/**
 * Runs each side in turn, so that what else the machine does meets all alike; the first one goes last in the next run
 * (A, B, B, A, ...), so that what a side leaves to the next one does, too. Each side returns the value of one run; none is
 * dropped.
 */
export async function interleave<Side extends string>(
  { runs, signal, progress }: Pick<Bench, "runs" | "signal" | "progress">,
  sides: Record<Side, (run: number) => Promise<number>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[];
  const order = [...names];
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Side, number[]>;
  for (let run = 1; run <= runs; run++) {
    for (const name of order) {
      signal.throwIfAborted();
      values[name].push(await sides[name](run));
    }
    order.push(...order.splice(0, 1));
    const seen = names.map((name) => `${name} ${values[name].at(-1)?.toPrecision(4)}`);
    progress(`  run ${run} of ${runs}: ${seen.join(", ")}`);
  }
  return values;
}

/** Milliseconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
