import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PropertyMap, PropertyValue } from "../../../lib/protocol/property-value.ts";
import { type Subject, subjects } from "./interchange-subjects.ts";
import type { PluginClient } from "./plugin-client.ts";
import { image, needsRealPlugin, realPlugin, startOurs, startReal, uniqueName } from "./plugins.ts";
import { TestResource } from "./resource.ts";

const wordy: Record<string, PropertyValue> = { name: "", id: "" };

/** Outputs without what says nothing, what differs from object to object, and the order of sets. */
function comparable(value: PropertyValue | undefined): PropertyValue {
  if (Array.isArray(value))
    return value.map(comparable).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value ?? null;
  const entries = Object.entries(value)
    .filter(
      ([key]) =>
        !key.startsWith("__") &&
        !(key in wordy) &&
        !["mountpoint", "hostname", "networkDatas", "external"].includes(key),
    )
    .map(([key, inner]): [string, PropertyValue] => [key, comparable(inner)])
    .filter(([, inner]) => !isBlank(inner));
  return Object.fromEntries(entries);
}

function isBlank(value: PropertyValue): boolean {
  return (
    value === "" ||
    value === 0 ||
    value === false ||
    value === null ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

describe.skipIf(!realPlugin)(`state exchanged with Pulumi's plugin${needsRealPlugin}`, () => {
  const docker = new Docker();
  const made: TestResource[] = [];
  let ours: PluginClient;
  let real: PluginClient;
  beforeAll(async () => {
    [ours, real] = await Promise.all([startOurs(), startReal()]);
  });
  afterEach(async () => {
    for (const resource of made.splice(0).reverse()) await resource.delete().catch(() => {});
  });
  afterAll(() => {
    ours.stop();
    real.stop();
  });
  const resource = (plugin: PluginClient, type: string) => {
    const subject = new TestResource(plugin, type);
    made.push(subject);
    return subject;
  };
  /** The same state in the hands of the other plugin. */
  const handOver = (subject: TestResource, plugin: PluginClient, type: string) => {
    const { id, inputs, outputs } = subject;
    return Object.assign(new TestResource(plugin, type), { id, inputs, outputs });
  };
  const named = (type: string, inputs: PropertyMap): PropertyMap =>
    type === "RemoteImage" ? inputs : { ...inputs, name: uniqueName() };

  describe.each(Object.keys(subjects))("%s", (type) => {
    const { inputs, changes } = subjects[type] as Subject;

    test("plans the same for every change, whichever plugin made the object", { timeout: 120_000 }, async () => {
      for (const [maker, other] of [
        [ours, real],
        [real, ours],
      ] as const) {
        const wanted = named(type, inputs);
        const subject = await resource(maker, type).create(wanted);
        const taken = handOver(subject, other, type);
        for (const [what, change] of changes) {
          const plan = async (holder: TestResource) => {
            const { changes: some, diffs, replaces, deleteBeforeReplace } = await holder.diff({ ...wanted, ...change });
            return { what, some, diffs, replaces: [...new Set(replaces)], deleteBeforeReplace };
          };
          expect(await plan(subject)).toEqual(await plan(taken));
        }
        await subject.delete();
      }
    });

    test("has the same outputs, at preview, when made and when read", async () => {
      const wanted = named(type, inputs);
      const mine = resource(ours, type);
      const theirs = resource(real, type);
      const checked = await mine.check(wanted);
      const previews = await Promise.all([
        ours.create(mine.urn, checked, true),
        real.create(theirs.urn, checked, true),
      ]);
      expect(comparable(previews[0].outputs)).toEqual(comparable(previews[1].outputs));
      await mine.create(wanted);
      const made = comparable(mine.outputs);
      await mine.refresh();
      expect(comparable(mine.outputs)).toEqual(made);
      if (type === "RemoteImage") return;
      await mine.delete();
      await theirs.create(wanted);
      expect(made).toEqual(comparable(theirs.outputs));
      await theirs.refresh();
      expect(comparable(mine.inputs)).toEqual(comparable(theirs.inputs));
    });

    test("goes back and forth: made by one, read by the other, deleted by the first's rules", async () => {
      for (const [maker, other] of [
        [ours, real],
        [real, ours],
      ] as const) {
        const wanted = named(type, inputs);
        const subject = await resource(maker, type).create(wanted);
        const taken = handOver(subject, other, type);
        await taken.refresh();
        expect(taken.id).toBe(subject.id);
        expect(await taken.diff(wanted)).toMatchObject({ changes: "none" });
        const back = handOver(taken, maker, type);
        expect(await back.diff(wanted)).toMatchObject({ changes: "none" });
        await back.refresh();
        expect(await back.diff(wanted)).toMatchObject({ changes: "none" });
        await handOver(back, other, type).delete();
        expect(await back.refresh()).toEqual(type === "RemoteImage" ? expect.anything() : undefined);
      }
    });
  });

  test("a container updated by one is updated on by the other, and stays the same container", async () => {
    const wanted = { name: uniqueName(), image, healthcheck: { tests: ["CMD", "true"] } };
    const subject = await resource(ours, "Container").create(wanted);
    await subject.update({ ...wanted, restart: "always" });
    const taken = handOver(subject, real, "Container");
    expect(await taken.diff({ ...wanted, restart: "always" })).toMatchObject({ changes: "none" });
    expect(await taken.diff({ ...wanted, restart: "no" })).toMatchObject({ diffs: ["restart"], replaces: [] });
    await taken.update({ ...wanted, restart: "no" });
    const back = handOver(taken, ours, "Container");
    expect(await back.diff({ ...wanted, restart: "no" })).toMatchObject({ changes: "none" });
    await back.update({ ...wanted, restart: "on-failure" });
    const live = await docker.getContainer(subject.id).inspect();
    expect(live.HostConfig.RestartPolicy?.Name).toBe("on-failure");
    expect(await handOver(back, real, "Container").diff({ ...wanted, restart: "on-failure" })).toMatchObject({
      changes: "none",
    });
  });

  test("a container with a memory limit shows no difference to either plugin, as ours leaves out the derived swap", async () => {
    const wanted = { name: uniqueName(), image, memory: 64 };
    const subject = await resource(ours, "Container").create(wanted);
    expect(await subject.diff(wanted)).toMatchObject({ changes: "none" });
    expect(await handOver(subject, real, "Container").diff(wanted)).toMatchObject({ changes: "none" });
  });

  test.each<[string, PropertyMap]>([
    ["getNetwork", { name: "bridge" }],
    ["getRemoteImage", { name: image }],
  ])("%s answers the same", async (name, args) => {
    const token = `docker:index/${name}:${name}`;
    const [mine, theirs] = await Promise.all([ours.invoke(token, args), real.invoke(token, args)]);
    expect(comparable(mine.result)).toEqual(comparable(theirs.result));
    expect(mine.result.id).toBe(theirs.result.id);
  });
});
