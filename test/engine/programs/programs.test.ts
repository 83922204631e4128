import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { areas } from "./areas/index.ts";
import { comparable } from "./harness/comparable.ts";
import { rememberPassphrases } from "./harness/in-process.ts";
import type { Recording } from "./harness/program.ts";
import { runOnEngine } from "./harness/run-on-engine.ts";
import type { ServedWorld } from "./harness/serve-world.ts";
import { serveWorld } from "./harness/serve-world.ts";

vi.mock("../../../engine/program/run-program.ts", () => import("./harness/in-process.ts"));

let served: ServedWorld;
beforeAll(async () => {
  rememberPassphrases();
  served = await serveWorld();
});
afterAll(() => served.close());

for (const [area, programs] of Object.entries(areas))
  describe(`programs: ${area}`, () => {
    const file = new URL(`./recorded/${area}.json`, import.meta.url);
    const recorded: Record<string, Recording> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    for (const program of programs)
      it(`does what the CLI does with ${program.name}`, async () => {
        const recording = recorded[program.name];
        expect(recording?.version, "recorded from a CLI: node test/engine/programs/record.ts").toMatch(/^v\d/);
        const outcomes = await runOnEngine(program, served);
        for (const [i, { errors, ...outcome }] of outcomes.entries()) {
          const run = program.runs[i];
          const where = `run ${i + 1}: ${run?.do} ${run?.v} ${errors.join("; ")}`;
          if (run?.refused) {
            expect(outcome, where).toMatchObject({ ok: false, calls: [] });
            expect(errors.join("\n"), where).toMatch(run.refused);
          } else
            expect(comparable(outcome, run), where).toEqual(recording?.runs[i] && comparable(recording.runs[i], run));
        }
      });
  });
