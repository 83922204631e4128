import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { isSecret, withoutSecrets } from "../../lib/protocol/property-value.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { randomName } from "../support/random-name.ts";
import { registryImage } from "../support/start-registry.ts";
import type { PluginClient, RecordedResource, ResourceClient } from "./plugin-client.ts";
import { startPlugin } from "./plugin-client.ts";

describe("HttpSecret over gRPC", () => {
  let plugin: PluginClient;
  let secrets: ResourceClient;
  let made: RecordedResource;
  beforeAll(async () => {
    plugin = await startPlugin();
    secrets = plugin.resource("registry-kit:registry:HttpSecret");
    made = await secrets.create((await secrets.check({})).inputs);
  });
  afterAll(() => plugin[Symbol.asyncDispose]());

  it("is 256 random bits, and a secret; its id tells nothing", () => {
    expect(made.outputs.value).toSatisfy(isSecret);
    expect(withoutSecrets(made.outputs.value ?? null)).toMatch(/^[0-9a-f]{64}$/);
    expect(String(withoutSecrets(made.outputs.value ?? null))).not.toContain(made.id);
  });

  it("stays until its generation is raised", async () => {
    expect(made.inputs).toEqual({ generation: 1 });
    expect(await secrets.diff(made, made.inputs)).toMatchObject({ action: "none" });
    expect(await secrets.read(made)).toEqual(made);
    expect(await secrets.diff(made, { generation: 2 })).toMatchObject({ action: "update", properties: ["generation"] });
    const raised = await secrets.update(made, { generation: 2 });
    expect(raised.outputs.value).toSatisfy(isSecret);
    expect(raised.outputs.value).not.toEqual(made.outputs.value);
    await secrets.delete(raised);
  });

  it.each([0, 1.5, "2"])("can't have the generation %j", async (generation) => {
    expect((await secrets.check({ generation })).failures.map(({ property }) => property)).toEqual(["generation"]);
  });
});

describeWithDocker("ProcessLimit over gRPC", () => {
  const docker = dockerClient({});
  let plugin: PluginClient;
  let limits: ResourceClient;
  let container: Docker.Container;
  let made: RecordedResource;
  const applied = async () => (await container.inspect()).HostConfig.PidsLimit;

  beforeAll(async () => {
    plugin = await startPlugin();
    limits = plugin.resource("registry-kit:registry:ProcessLimit");
    container = await docker.createContainer({ name: randomName("limit"), Image: registryImage });
    const { inputs } = await limits.check({ container: container.id, limit: 100 });
    made = await limits.create(inputs);
  });
  afterAll(async () => {
    await container?.remove({ force: true, v: true });
    await plugin?.[Symbol.asyncDispose]();
  });

  it("is set on the container", async () => {
    expect(await applied()).toBe(100);
    expect(made).toMatchObject({ id: container.id, inputs: { dockerHost: {} }, outputs: { applied: 100 } });
    expect(await limits.diff(made, made.inputs)).toMatchObject({ action: "none" });
  });

  it.each<[string, string, object]>([
    ["limit", "update", { limit: 200 }],
    ["container", "replace", { container: "another" }],
    ["dockerHost", "replace", { dockerHost: { url: "tcp://192.0.2.1:2376" } }],
  ])("a change of %s asks for: %s", async (property, action, change) => {
    const difference = await limits.diff(made, { ...made.inputs, ...change });
    expect(difference.action).toBe(action);
    expect(difference.properties).toContain(property);
  });

  it("changes in place, and a limit that another program set is seen and repaired", async () => {
    const updated = await limits.update(made, { ...made.inputs, limit: 200 });
    expect(await applied()).toBe(200);
    await container.update({ PidsLimit: 50 });
    const read = await limits.read(updated);
    expect(read?.outputs).toEqual({ applied: 50 });
    const drifted = read ?? updated;
    expect(await limits.diff(drifted, updated.inputs)).toMatchObject({ action: "update", properties: ["applied"] });
    await limits.update(drifted, updated.inputs);
    expect(await applied()).toBe(200);
  });

  it("is gone with its container, and can't be set without one", async () => {
    const elsewhere = { ...made, inputs: { ...made.inputs, container: randomName("none") } };
    expect(await limits.read(elsewhere)).toBeUndefined();
    await limits.delete(elsewhere);
    await expect(limits.create(elsewhere.inputs)).rejects.toThrow(/no such container/i);
  });

  it.each([
    ["limit", { limit: 0 }],
    ["container", { container: "" }],
    ["dockerHost.url", { dockerHost: { url: "http://h" } }],
  ])("refuses a wrong %s", async (property, wrong) => {
    const { failures } = await limits.check({ container: "c", limit: 1, ...wrong });
    expect(failures.map((failure) => failure.property)).toEqual([property]);
  });
});
