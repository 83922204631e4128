import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rules } from "../../policy/rules.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";

it("docs/policies.md lists every rule with its level, in the order of the pack", () => {
  const page = readFileSync(join(projectRoot, "docs/policies.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (\w+) \|/gm)].map(([, name, level]) => ({ name, level }));
  expect(listed).toEqual(rules.map(({ name, level }) => ({ name, level })));
});
