import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Measure } from "../../bench/harness/bench.ts";
import { interleave } from "../../bench/harness/interleave.ts";
import { type BenchOptions, runBench } from "../../bench/run-bench.ts";
import { figure } from "./figures.ts";

function options(signal = new AbortController().signal, runs = 2): BenchOptions {
  return { runs, engine: undefined, signal, image: "registry:3.1.2", settings: {}, progress: () => {} };
}

describe("a bench", () => {
  it("runs the sides in turn, each first in its turn, and keeps every value", async () => {
    const order: string[] = [];
    const side = (name: string) => async (run: number) => order.push(`${name}${run}`);
    const values = await interleave(options(), { a: side("a"), b: side("b") });
    expect(order).toEqual(["a1", "b1", "b2", "a2"]);
    expect(values).toEqual({ a: [1, 4], b: [2, 3] });
  });

  it("removes what a measure made, last made first, also when it fails, and goes on with the next", async () => {
    const removed: string[] = [];
    let folder = "";
    const failing: Measure = {
      name: "failing",
      figures: [],
      async run(bench) {
        folder = bench.folder;
        await writeFile(join(folder, "file"), "");
        bench.leftovers.add("first", async () => removed.push("first"));
        bench.leftovers.add("second", async () => {
          throw new Error("is in use");
        });
        bench.leftovers.add("third", async () => removed.push("third"));
        throw new Error("it broke");
      },
    };
    const working: Measure = { name: "working", figures: [], run: async () => [figure([1])] };
    const { figures, problems } = await runBench([failing, working], options());
    expect(removed).toEqual(["third", "first"]);
    expect(problems).toEqual(["failing: it broke", "failing: not removed: second: is in use"]);
    expect(figures).toEqual([figure([1])]);
    expect(existsSync(folder)).toBe(false);
  });

  it("leaves out what has not begun when it is stopped, and still cleans up", async () => {
    const stop = new AbortController();
    const removed: string[] = [];
    const stopped: Measure = {
      name: "stopped",
      figures: [],
      async run(bench) {
        bench.leftovers.add("it", async () => removed.push("it"));
        await interleave(bench, {
          kit: async () => {
            stop.abort();
            return 1;
          },
        });
        return [figure([1])];
      },
    };
    const never: Measure = { name: "never", figures: [], run: () => Promise.reject(new Error("it ran")) };
    expect(await runBench([stopped, never], options(stop.signal))).toEqual({ figures: [], problems: [] });
    expect(removed).toEqual(["it"]);
  });
});
