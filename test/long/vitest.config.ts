import { defineConfig } from "vitest/config";
import { SkipTable } from "../runner/skip-table.ts";

/** What takes minutes: many random programs, 50 kills of the engine, the corpus on a real Pulumi CLI, and an `up` killed at every type of resource. `npm run test:long`. */
export default defineConfig({
  test: {
    include: ["test/engine/programs/*.test.ts", "test/engine/interruptions.test.ts", "test/e2e/killed-up.test.ts"],
    env: { LONG_TESTS: "1" },
    reporters: ["default", new SkipTable()],
    pool: "forks",
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
