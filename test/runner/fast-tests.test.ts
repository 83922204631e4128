import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { sortTests } from "./fast-tests.ts";

describe("sortTests", () => {
  it.each<[string, string, Record<string, string>]>([
    ["fast", "a pure function", { "test/a.test.ts": 'import { f } from "../components/f.ts";' }],
    ["fast", "only a type of a slow package", { "test/a.test.ts": 'import type Docker from "dockerode";' }],
    ["real", "a package that starts processes", { "test/a.test.ts": 'import { execa } from "execa";' }],
    ["real", "a package that it imports later", { "test/a.test.ts": 'const { execa } = await import("execa");' }],
    ["real", "the engine", { "test/a.test.ts": 'import { operate } from "../engine/operation/operation.ts";' }],
    [
      "real",
      "a helper of a helper that does",
      {
        "test/a.test.ts": 'import { b } from "./support/b.ts";',
        "test/support/b.ts": 'export * from "./c.ts";',
        "test/support/c.ts": 'import {\n  spawn,\n} from "node:child_process";',
      },
    ],
    [
      "fast",
      "helpers that import each other",
      {
        "test/a.test.ts": 'import "./b.ts";',
        "test/b.ts": 'import { c } from "./c.ts";',
        "test/c.ts": 'import { b } from "./b.ts";',
      },
    ],
  ])("finds %s what imports %s", async (kind, _, files) => {
    await using folder = await temporaryFolder();
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder.path, file)), { recursive: true });
      writeFileSync(join(folder.path, file), text);
    }
    const sorted = sortTests(folder.path);
    expect(sorted).toEqual({ fast: [], real: [], [kind]: ["test/a.test.ts"] });
  });
});
