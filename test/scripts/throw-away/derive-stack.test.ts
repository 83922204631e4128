import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import type { Engine } from "../../../scripts/engines/engine.ts";
import { SettingsFile } from "../../../scripts/project/settings-file.ts";
import { deriveStack } from "../../../scripts/throw-away/derive-stack.ts";
import { randomName } from "../../support/random-name.ts";

/** An engine on which the stack has these outputs. */
const engineWith = (outputs: object) => ({ outputs: async () => outputs }) as unknown as Engine;
const created = "2026-01-02T03:04:05.678Z";
const deployed = engineWith({ port: 20_777, ephemeral: { from: "dev", created, name: "registry-pr-1-abc" } });

it("a new clone goes on with the names and the port of the stack as it is deployed", async () => {
  const stack = randomName("derived");
  try {
    expect(await deriveStack(stack, "dev", deployed), "no port of its own choice").toBe(false);
    const file = new SettingsFile(stack);
    expect([file.get(["name"]), file.get(["port"])]).toEqual(["registry-pr-1-abc", 20_777]);
    expect(file.get(["ephemeral"])).toEqual({ from: "dev", created });

    await expect(deriveStack(stack, "swarm", deployed)).rejects.toThrow(`Stack "${stack}" was derived from "dev"`);
    expect(await deriveStack(stack, "dev", engineWith({ port: 1 })), "one that is there stays").toBe(false);
    expect(new SettingsFile(stack).get(["port"])).toBe(20_777);
  } finally {
    rmSync(SettingsFile.pathOf(stack), { force: true });
  }
});

it("a settings file of a stack's own is not taken for a derived one", async () => {
  await expect(deriveStack("swarm", "dev", deployed)).rejects.toThrow('Stack "swarm" is not a throw-away stack');
});

it("a stack of caches alone has no registry to make a throw-away one of", async () => {
  await expect(deriveStack("pr-of-caches", "mirror", deployed)).rejects.toThrow(
    'Stack "mirror" has pull-through caches alone (registry: none)',
  );
  expect(SettingsFile.exists("pr-of-caches")).toBe(false);
});
