import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Minutes of its own: npm run test:mesh.
    exclude: ["test/mesh/**"],
    // Pulumi's runtime store is one per process.
    pool: "forks",
    // Most tests wait for processes and daemons; more workers would make the timing of the others worthless.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    restoreMocks: true,
    unstubEnvs: true,
    silent: "passed-only",
  },
});
