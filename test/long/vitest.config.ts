import { defineConfig } from "vitest/config";

/** What takes minutes, of the built-in engine: many random programs, and the corpus on a real Pulumi CLI. `npm run test:long`. */
export default defineConfig({
  test: {
    include: ["test/engine/programs/*.test.ts"],
    env: { LONG_TESTS: "1" },
    pool: "forks",
    testTimeout: 600_000,
  },
});
