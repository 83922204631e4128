import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { withoutDefaults } from "../../../engine/docker/common/outputs.ts";
import { createOptions } from "../../../engine/docker/container/create-options.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import type { PluginClient } from "./plugin-client.ts";
import { image, startOurs, uniqueName } from "./plugins.ts";
import { TestResource } from "./resource.ts";

describe("after a crash between create and the write of the state", () => {
  const docker = new Docker();
  const made: TestResource[] = [];
  let plugin: PluginClient;
  beforeAll(async () => {
    plugin = await startOurs();
  });
  afterEach(async () => {
    for (const resource of made.splice(0)) await resource.delete();
  });
  afterAll(() => plugin.stop());

  const resource = (type: string) => {
    const subject = new TestResource(plugin, type);
    made.push(subject);
    return subject;
  };
  /** What the built-in engine asks: a Read without an id; see find-header.ts. */
  const find = (subject: TestResource, inputs: PropertyMap, since: Date) =>
    plugin.read(subject.urn, "", inputs, { since: since.toISOString() });

  test.each<[string, PropertyMap]>([
    ["Volume", { labels: [{ label: "a", value: "1" }] }],
    ["Network", { labels: [{ label: "a", value: "1" }] }],
    ["Container", { image, envs: ["A=1"], ports: [{ internal: 5000 }], memory: 64 }],
  ])("a complete %s is adopted with its id and outputs", async (type, inputs) => {
    const since = new Date();
    const subject = await resource(type).create({ ...inputs, name: uniqueName() });
    const found = await find(subject, subject.inputs, since);
    expect(found).toMatchObject({ id: subject.id });
    subject.outputs = found.outputs as PropertyMap;
    expect(await subject.diff({ ...inputs, name: subject.inputs.name ?? "" })).toMatchObject({ changes: "none" });
  });

  test("a container that was never started is removed", async () => {
    const since = new Date();
    const subject = resource("Container");
    const inputs = await subject.check({ name: uniqueName(), image, ports: [{ internal: 5000 }] });
    const { id } = await docker.createContainer(createOptions(withoutDefaults(inputs)));
    Object.assign(subject, { id, inputs });
    expect(await find(subject, inputs, since)).toMatchObject({ id: "" });
    await expect(docker.getContainer(id).inspect()).rejects.toThrow(/no such container/i);
  });

  test.each(["Volume", "Network", "Container"])("nothing is found where no %s has that name", async (type) => {
    const subject = resource(type);
    const inputs = await subject.check({ name: uniqueName(), ...(type === "Container" ? { image } : {}) });
    expect(await find(subject, inputs, new Date())).toMatchObject({ id: "" });
  });

  test("an object that was there before is foreign, and stays", async () => {
    const subject = await resource("Volume").create({ name: uniqueName() });
    const later = new Date(Date.now() + 10_000);
    expect(await find(subject, subject.inputs, later)).toMatchObject({ id: "" });
    expect(await docker.getVolume(subject.id).inspect()).toMatchObject({ Name: subject.id });
  });

  test("an object that differs from the inputs is foreign, and stays", async () => {
    const since = new Date();
    const subject = await resource("Container").create({ name: uniqueName(), image, restart: "always" });
    const inputs = await subject.check({ name: subject.inputs.name ?? "", image, restart: "no" });
    expect(await find(subject, inputs, since)).toMatchObject({ id: "" });
    expect((await docker.getContainer(subject.id).inspect()).State.Running).toBe(true);
  });
});
