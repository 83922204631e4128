import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { withoutDefaults } from "../../../engine/docker/common/outputs.ts";
import { createOptions } from "../../../engine/docker/container/create-options.ts";
import { findExistingToken } from "../../../engine/docker/provider.ts";
import type { PropertyMap } from "../../../engine/protocol/property-value.ts";
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
  const find = async (subject: TestResource, inputs: PropertyMap, since: Date) => {
    const args = { urn: subject.urn, inputs, since: since.toISOString() };
    return (await plugin.invoke(findExistingToken, args)).result;
  };

  test.each<[string, PropertyMap]>([
    ["Volume", { labels: [{ label: "a", value: "1" }] }],
    ["Network", { labels: [{ label: "a", value: "1" }] }],
    ["Container", { image, envs: ["A=1"], ports: [{ internal: 5000 }], memory: 64 }],
  ])("a complete %s is adopted with its id and outputs", async (type, inputs) => {
    const since = new Date();
    const subject = await resource(type).create({ ...inputs, name: uniqueName() });
    const found = await find(subject, subject.inputs, since);
    expect(found).toMatchObject({ verdict: "adopt", id: subject.id });
    subject.outputs = found.outputs as PropertyMap;
    expect(await subject.diff({ ...inputs, name: subject.inputs.name ?? "" })).toMatchObject({ changes: "none" });
  });

  test("a container that was never started is to be removed", async () => {
    const since = new Date();
    const subject = resource("Container");
    const inputs = await subject.check({ name: uniqueName(), image, ports: [{ internal: 5000 }] });
    const { id } = await docker.createContainer(createOptions(withoutDefaults(inputs)));
    Object.assign(subject, { id, inputs });
    expect(await find(subject, inputs, since)).toMatchObject({ verdict: "remove", id });
  });

  test.each(["Volume", "Network", "Container"])("nothing is found where no %s has that name", async (type) => {
    const subject = resource(type);
    const inputs = await subject.check({ name: uniqueName(), ...(type === "Container" ? { image } : {}) });
    expect(await find(subject, inputs, new Date())).toEqual({ verdict: "none" });
  });

  test("an object that was there before is somebody else's", async () => {
    const subject = await resource("Volume").create({ name: uniqueName() });
    const later = new Date(Date.now() + 10_000);
    expect(await find(subject, subject.inputs, later)).toMatchObject({
      verdict: "foreign",
      reason: expect.stringMatching(/there is already a docker:index\/volume:Volume/),
    });
  });

  test("an object that differs from the inputs is somebody else's", async () => {
    const since = new Date();
    const subject = await resource("Container").create({ name: uniqueName(), image, restart: "always" });
    const inputs = await subject.check({ name: subject.inputs.name ?? "", image, restart: "no" });
    expect(await find(subject, inputs, since)).toMatchObject({
      verdict: "foreign",
      reason: expect.stringContaining("differs in restart"),
    });
  });
});
