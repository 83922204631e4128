import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findViolations } from "../../../scripts/house/find-violations.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A small house that keeps to its rules, and what a case adds to it. */
async function violations(planted: Record<string, string>) {
  await using folder = await temporaryFolder();
  const files = {
    "lib/docker/client.ts": 'import type { Text } from "../files/text.ts";\nexport const client: Text = "";',
    "lib/files/text.ts": "export type Text = string;",
    "engine/state/state.ts": 'import { client } from "../../lib/docker/client.ts";\nexport const state = client;',
    "stacks/users/settings.ts": 'export const users = "";',
    "stacks/users/rules.ts": 'import { settings } from "../settings/settings.ts";\nexport const rules = settings;',
    "stacks/settings/settings.ts": 'import { users } from "../users/settings.ts";\nexport const settings = users;',
    ...planted,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  return findViolations(folder.path, {
    "lib/files": [],
    "lib/docker": ["lib/files"],
    "engine/state": ["lib/docker"],
    "stacks/NOUN/settings.ts": [],
    "stacks/settings": ["stacks/NOUN/settings.ts"],
    "stacks/users": ["stacks/settings"],
  });
}

describe("the rules of the house", () => {
  it("find nothing wrong where every import is in the list", async () => {
    expect(await violations({})).toEqual([]);
  });

  it.each([
    ["an import of a floor above", "lib/files/up.ts", "../../engine/state/state.ts", "engine/state/state.ts"],
    [
      "an import of a room beside it that the list does not have",
      "lib/files/beside.ts",
      "../docker/client.ts",
      "lib/docker/client.ts",
    ],
    [
      "a schema that knows the settings of all nouns",
      "stacks/users/more-settings.ts",
      "../settings/settings.ts",
      "stacks/settings/settings.ts",
    ],
    ["a room that the list does not have", "lib/new/file.ts", "../files/text.ts", "lib/files/text.ts"],
  ])("find %s, and say its path", async (_, path, specifier, to) => {
    expect(await violations({ [path]: `export * from "${specifier}";` })).toEqual([
      { rule: "import", path: [path, to] },
    ]);
  });

  it("find an import of a type alone", async () => {
    const planted = {
      "lib/files/up.ts": 'import type { state } from "../../engine/state/state.ts";\nexport type Up = typeof state;',
    };
    expect(await violations(planted)).toEqual([{ rule: "import", path: ["lib/files/up.ts", "engine/state/state.ts"] }]);
  });

  it("find files of one room that import each other in a circle", async () => {
    const found = await violations({
      "lib/files/a.ts": 'import type { B } from "./b.ts";\nexport type A = B;',
      "lib/files/b.ts": 'export type { A as B } from "./a.ts";',
    });
    expect(found.every(({ rule }) => rule === "circle")).toBe(true);
    expect(found.map(({ path }) => path)).toContainEqual(["lib/files/a.ts", "lib/files/b.ts", "lib/files/a.ts"]);
  });

  it("refuse a list in which two rooms could import each other", async () => {
    await expect(findViolations(".", { "lib/a": ["lib/b"], "lib/b": ["lib/a"] })).rejects.toThrow(
      "lib/a may import lib/b, which does not stand above it in the list of rooms.",
    );
  });
});
