import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProgram } from "../../../scripts/prerequisites/find-program.ts";
import { isLong } from "../../support/long.ts";
import { areas } from "./areas/index.ts";
import type { Recording } from "./harness/program.ts";
import { runOnCli } from "./harness/run-on-cli.ts";
import type { ServedWorld } from "./harness/serve-world.ts";
import { serveWorld } from "./harness/serve-world.ts";

const obstacle = !isLong
  ? " (skipped: minutes of its own, npm run test:long)"
  : findProgram("pulumi")
    ? ""
    : " (skipped: pulumi is not on PATH)";

let served: ServedWorld;
beforeAll(async () => {
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
});
