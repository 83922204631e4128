import { defineConfig } from "vitest/config";

/** Slow tests on virtual machines, apart from all others: `npm run test:mesh`. */
export default defineConfig({
  test: {
    include: ["test/mesh/**/*.test.ts"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
