import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findProgram } from "../../../scripts/machine/find-program.ts";
import { isLong } from "../../support/long.ts";
import { areas } from "./areas/index.ts";
import { comparable } from "./harness/comparable.ts";
import { rememberPassphrases } from "./harness/in-process.ts";
import type { Outcome, Recording } from "./harness/program.ts";
import { history, programOf } from "./harness/random-program.ts";
import { runOnCli } from "./harness/run-on-cli.ts";
import { runOnEngine } from "./harness/run-on-engine.ts";
import type { ServedWorld } from "./harness/serve-world.ts";
import { serveWorld } from "./harness/serve-world.ts";

vi.mock("../../../engine/program/run-program.ts", () => import("./harness/in-process.ts"));

const obstacle = !isLong
  ? " (skipped: minutes of its own, npm run test:long)"
  : findProgram("pulumi")
    ? ""
    : " (skipped: pulumi is not on PATH)";

let served: ServedWorld;
beforeAll(async () => {
  rememberPassphrases();
  served = await serveWorld();
});
afterAll(() => served.close());

describe.skipIf(obstacle !== "")(`the Pulumi CLI${obstacle}`, () => {
  for (const [area, programs] of Object.entries(areas))
    for (const program of programs)
      it(`does what is recorded of ${area}: ${program.name}`, async () => {
        const file = new URL(`./recorded/${area}.json`, import.meta.url);
        const recorded: Record<string, Recording> = JSON.parse(readFileSync(file, "utf8"));
        expect((await runOnCli(program, served)).runs).toEqual(recorded[program.name]?.runs);
      });

  it("does what the built-in engine does of random programs", { timeout: 1_800_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async (random) => {
        const program = programOf(random);
        const own = await runOnEngine(program, served);
        expect(own.flatMap(({ errors }) => errors)).toEqual([]);
        const shown = (outcomes: Outcome[]) => outcomes.map((outcome, i) => comparable(outcome, program.runs[i]));
        const recorded = shown((await runOnCli(program, served)).runs);
        expect(shown(own.map(({ errors: _, ...outcome }) => outcome))).toEqual(recorded);
      }),
      // What differs is said at once: to look for a smaller program that differs, too, takes hours of the CLI.
      { numRuns: 5, endOnFailure: true },
    );
  });
});
