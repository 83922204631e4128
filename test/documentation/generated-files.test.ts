import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documents } from "../../scripts/documentation/documents.ts";
import { settingsSchema } from "../../scripts/documentation/settings-schema.ts";
import { settingsTable } from "../../scripts/documentation/settings-table.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { settings } from "../../stacks/settings/settings.ts";

describe("generated files", () => {
  it.each(Object.entries(documents(projectRoot)))('%s is what "npm run docs" writes', (path, text) => {
    const file = join(projectRoot, path);
    expect(existsSync(file) ? readFileSync(file, "utf8") : undefined).toBe(text);
  });

  it("has a row for each setting of the top level, in the schema's order", () => {
    const rows = settingsTable(settingsSchema(), 1).split("\n").slice(2);
    expect(rows.map((row) => /^\| `([^`]+)`/.exec(row)?.[1])).toEqual(Object.keys(settings.shape));
  });

  it("says something about every setting", () => {
    const silent = settingsTable(settingsSchema())
      .split("\n")
      .filter((row) => /\|\s*\|$/.test(row));
    expect(silent).toEqual([]);
  });
});
