import { expect, it } from "vitest";
import type { Engine } from "../../../scripts/engines/engine.ts";
import { SettingsFile } from "../../../scripts/project/settings-file.ts";
import { deriveStack } from "../../../scripts/throw-away/derive-stack.ts";

it("a stack of caches alone has no registry to make a throw-away one of", async () => {
  const engine = {} as Engine;
  await expect(deriveStack("pr-of-caches", "mirror", engine)).rejects.toThrow(
    'Stack "mirror" has pull-through caches alone (registry: none)',
  );
  expect(SettingsFile.exists("pr-of-caches")).toBe(false);
});
