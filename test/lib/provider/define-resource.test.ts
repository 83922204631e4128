import { expect, it } from "vitest";
import { z } from "zod";
import { defineResource } from "../../../lib/provider/define-resource.ts";
import type { ResourceDefinition } from "../../../lib/provider/resource-definition.ts";

const deleted: string[] = [];
let log: string[] = [];
const context = { urn: "urn:test", log: (severity: string, message: string) => log.push(`${severity}: ${message}`) };

/** This version of a resource: another one had no size, colours of other names, and no `made`. */
const definition: ResourceDefinition<{ colour: "red" | "blue"; size: number }, { made: string }> = {
  type: "registry-kit:test:Thing",
  inputs: z.strictObject({ colour: z.enum(["red", "blue"]), size: z.int().default(1) }),
  outputs: z.strictObject({ made: z.string() }),
  secretOutputs: ["made"],
  due: ({ outputs }) => (outputs.made === "old" ? [{ property: "made", reason: "is old" }] : []),
  create: async ({ colour }) => ({ id: "new", outputs: { made: `made ${colour}` } }),
  update: async (_state, { colour }) => ({ made: `updated ${colour}` }),
  read: async () => undefined,
  delete: async ({ id }) => {
    deleted.push(id);
  },
};
const { lifecycle } = defineResource(definition);

const newInputs = { colour: "red", size: 1 };
const change = (oldInputs: object, oldOutputs: object) => ({
  ...context,
  id: "1",
  oldInputs: { ...oldInputs },
  oldOutputs: { ...oldOutputs },
  newInputs,
  ignoreChanges: [],
});

it("fills in what was recorded before a setting with a default existed", async () => {
  const request = change({ colour: "red" }, { made: "x" });
  expect((await lifecycle.diff(request)).action).toBe("update");
  expect(await lifecycle.update({ ...request, preview: false, timeout: 0 })).toMatchObject({
    made: { value: "updated red" },
  });
});

it("knows the outputs after an update only where the update keeps them", async () => {
  const request = { ...change({ colour: "blue", size: 1 }, { made: "x" }), preview: true, timeout: 0 };
  expect(await lifecycle.update(request)).not.toEqual({ made: "x" });
  const keeping = defineResource({ ...definition, keepsOutputs: true }).lifecycle;
  expect(await keeping.update(request)).toEqual({ made: "x" });
});

it.each([
  ["inputs", { colour: "green", size: 1 }, { made: "x" }],
  ["inputs that are no more", { ...newInputs, shape: "round" }, { made: "x" }],
  ["outputs", newInputs, { done: true }],
])("refreshes, previews, updates and deletes what was recorded with other %s", async (_, inputs, outputs) => {
  log = [];
  deleted.length = 0;
  const request = change(inputs, outputs);
  expect((await lifecycle.diff(request)).action).toBe("update");
  expect(await lifecycle.update({ ...request, preview: false, timeout: 0 })).toMatchObject({
    made: { value: "made red" },
  });
  const recorded = { ...context, id: "1", inputs: request.oldInputs, outputs: request.oldOutputs };
  expect(await lifecycle.read(recorded)).toMatchObject({ id: "1", outputs });
  await lifecycle.delete({ ...recorded, timeout: 0 });
  expect(deleted).toEqual([]);
  expect(log).toEqual([
    expect.stringContaining(
      "warning: was recorded by a version of the kit that this one can't read: it will be created again",
    ),
    expect.stringContaining("counts as unchanged"),
    expect.stringContaining("what it created (1) stays as it is"),
  ]);
});
