import { defineConfig } from "vitest/config";
import { SkipTable } from "../runner/skip-table.ts";

/** Slow tests on virtual machines, apart from all others: `npm run test:mesh`. */
export default defineConfig({
  test: {
    include: ["test/mesh/**/*.test.ts"],
    reporters: ["default", new SkipTable()],
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
