import { defineConfig } from "vitest/config";
import { fastWorkers, sortTests } from "./test/runner/fast-tests.ts";
import { SkipTable } from "./test/runner/skip-table.ts";

const { fast, real } = sortTests(import.meta.dirname);

export default defineConfig({
  test: {
    // Pulumi's runtime store is one per process.
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 180_000,
    restoreMocks: true,
    unstubEnvs: true,
    silent: "passed-only",
    reporters: ["default", new SkipTable()],
    projects: [
      { extends: true, test: { name: "fast", include: fast, maxWorkers: fastWorkers, sequence: { groupOrder: 0 } } },
      // Most of these wait for processes and daemons; more workers would make the timing of the others worthless.
      { extends: true, test: { name: "real", include: real, maxWorkers: 3, sequence: { groupOrder: 1 } } },
    ],
  },
});
