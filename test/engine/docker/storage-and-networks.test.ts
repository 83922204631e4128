import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PluginClient } from "./plugin-client.ts";
import { image, startOurs, uniqueName } from "./plugins.ts";
import { TestResource } from "./resource.ts";

const docker = new Docker();
const made: TestResource[] = [];
let plugin: PluginClient;
beforeAll(async () => {
  plugin = await startOurs();
});
afterEach(async () => {
  for (const resource of made.splice(0).reverse()) await resource.delete();
});
afterAll(() => plugin.stop());

function resource(type: string): TestResource {
  const subject = new TestResource(plugin, type);
  made.push(subject);
  return subject;
}

describe("Volume on a real daemon", () => {
  const inputs = () => ({
    name: uniqueName(),
    labels: [
      { label: "b", value: "1" },
      { label: "a", value: "2" },
    ],
    driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=1m" },
  });

  test("is made as asked for, shows no difference, and is deleted", async () => {
    const wanted = inputs();
    const subject = await resource("Volume").create(wanted);
    expect(subject.id).toBe(wanted.name);
    expect(await docker.getVolume(subject.id).inspect()).toMatchObject({
      Labels: { a: "2", b: "1" },
      Options: wanted.driverOpts,
    });
    expect(subject.outputs).toMatchObject({ driver: "local", mountpoint: expect.stringContaining(wanted.name) });
    await subject.refresh();
    expect(await subject.diff({ ...wanted, labels: wanted.labels.toReversed() })).toMatchObject({ changes: "none" });
    await subject.delete();
    await expect(docker.getVolume(wanted.name).inspect()).rejects.toThrow(/no such volume/i);
  });

  test("keeps its made-up name over runs and replaces without deleting first", async () => {
    const subject = await resource("Volume").create({});
    expect(subject.id).toMatch(/^rk-docker-test-[0-9a-f]{8}-[0-9a-f]{7}$/);
    expect((await subject.check({})).name).toBe(subject.id);
    expect(await subject.diff({ driver: "other" })).toMatchObject({ replaces: ["driver"], deleteBeforeReplace: false });
  });

  test("is reported as gone, and deleting it then is no error", async () => {
    const subject = await resource("Volume").create({});
    await docker.getVolume(subject.id).remove();
    expect(await subject.refresh()).toBeUndefined();
    await expect(subject.delete()).resolves.toBeUndefined();
  });

  test("waits for the container that still uses it", async () => {
    const subject = await resource("Volume").create({});
    const mounts = [{ type: "volume", source: subject.id, target: "/data" }];
    const user = await resource("Container").create({ image, mounts });
    const deleted = subject.delete();
    await user.delete();
    await expect(deleted).resolves.toBeUndefined();
  });
});

describe("Network on a real daemon", () => {
  test("is made as asked for, shows no difference, also after a refresh, and is found by getNetwork", async () => {
    const third = Math.floor(Math.random() * 250);
    const wanted = {
      name: uniqueName(),
      internal: true,
      labels: [{ label: "a", value: "1" }],
      options: { "com.docker.network.bridge.enable_icc": "false" },
      ipamConfigs: [{ subnet: `10.213.${third}.0/24`, gateway: `10.213.${third}.1` }],
    };
    const subject = await resource("Network").create(wanted);
    expect(await docker.getNetwork(subject.id).inspect()).toMatchObject({
      Internal: true,
      Options: wanted.options,
      IPAM: { Config: [{ Subnet: wanted.ipamConfigs[0]?.subnet }] },
    });
    await subject.refresh();
    expect(await subject.diff(wanted)).toMatchObject({ changes: "none" });
    expect(await subject.diff({ ...wanted, internal: false })).toMatchObject({
      replaces: ["internal"],
      deleteBeforeReplace: true,
    });
    const { result } = await plugin.invoke("docker:index/getNetwork:getNetwork", { name: wanted.name });
    expect(result).toMatchObject({ id: subject.id, internal: true, scope: "local", containers: [] });
  });

  test("cannot be made twice under one name", async () => {
    const name = uniqueName();
    await resource("Network").create({ name });
    await expect(resource("Network").create({ name })).rejects.toThrow(/already exists/);
  });

  test("is reported as gone", async () => {
    const subject = await resource("Network").create({});
    await docker.getNetwork(subject.id).remove();
    expect(await subject.refresh()).toBeUndefined();
  });
});

describe("RemoteImage on a real daemon", () => {
  test("is the image that is there, and stays on the host with keepLocally", async () => {
    const wanted = { name: image, keepLocally: true };
    const subject = await resource("RemoteImage").create(wanted);
    const { Id } = await docker.getImage(image).inspect();
    expect(subject.id).toBe(Id + image);
    expect(subject.outputs.imageId).toBe(Id);
    expect(await subject.diff(wanted)).toMatchObject({ changes: "none" });
    expect(await subject.diff({ ...wanted, triggers: { a: "1" } })).toMatchObject({
      replaces: ["triggers"],
      deleteBeforeReplace: false,
    });
    await subject.update({ ...wanted, forceRemove: true });
    await subject.delete();
    expect((await docker.getImage(image).inspect()).Id).toBe(Id);
  });

  test("takes only its own tag away without keepLocally, and is then reported as gone", async () => {
    const repo = uniqueName();
    await docker.getImage(image).tag({ repo, tag: "1" });
    const subject = await resource("RemoteImage").create({ name: `${repo}:1` });
    const { id, inputs, outputs, urn } = subject;
    await subject.delete();
    expect(await plugin.read(urn, id, inputs, outputs)).toMatchObject({ id: "" });
    await expect(docker.getImage(image).inspect()).resolves.toBeTruthy();
  });

  test("says which image cannot be pulled and why", async () => {
    const name = `127.0.0.1:1/${uniqueName()}:1`;
    await expect(resource("RemoteImage").create({ name })).rejects.toThrow(
      new RegExp(`Cannot pull the image "${name}": .*(refused|timeout)`, "s"),
    );
  });

  test("refuses builds by name", async () => {
    const { failures } = await plugin.check(resource("RemoteImage").urn, {}, { name: "a", build: { context: "." } });
    expect(failures).toEqual([{ property: "build", reason: expect.stringContaining("needs the Pulumi CLI") }]);
  });
});
