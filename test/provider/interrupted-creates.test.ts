import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project/project-root.ts";

const files = globSync("components/**/*-lifecycle.ts", { cwd: projectRoot });
const definitions = (
  await Promise.all(files.map(async (file) => Object.values((await import(join(projectRoot, file))) as object)))
)
  .flat()
  .filter((value): value is { type: string; delete?: unknown; find?: unknown } => typeof value?.type === "string");

describe("A resource type of the kit", () => {
  it("is found by this test", () => expect(definitions.length).toBeGreaterThan(12));

  it.each(definitions.filter((definition) => definition.delete))(
    "$type, which removes something, finds what a killed run began, so that down can remove it, too",
    ({ find }) => expect(find).toBeTypeOf("function"),
  );
});
