import { formatPath } from "../../../../lib/protocol/property-path.ts";
import type { PropertyMap, PropertyValue } from "../../../../lib/protocol/property-value.ts";
import { isSecret, plainMap, sameValue, unknownValue } from "../../../../lib/protocol/property-value.ts";
import { nameOf, typeOf } from "../../../../lib/protocol/urn.ts";
import type { CheckFailure, Difference, Lifecycle } from "../../../../lib/provider/lifecycle.ts";
import { PartialFailure } from "../../../../lib/provider/lifecycle.ts";
import type { Provider } from "../../../../lib/provider/provider.ts";
import type { World } from "./world.ts";

/**
 * A provider whose objects are in memory. Another `name` replaces an object, anything else updates it in place; `auto: true` makes up
 * a name; `invalid` is refused. `First` also deletes before it replaces.
 */
export function testProvider(world: () => World): Provider {
  return {
    version: "1.2.3",
    lifecycle: () => lifecycle(world),
    async invoke(token, { value = null, fail }) {
      if (token !== "test:index:echo") return undefined;
      if (fail) throw new Error("echo was told to fail");
      return { echoed: value };
    },
  };
}

function lifecycle(world: () => World): Lifecycle {
  const fail = (call: string) => {
    if (world().failing.includes(call)) throw new Error(`${call} was told to fail`);
  };
  const finish = (call: string, id: string, outputs: PropertyMap): PropertyMap => {
    world().objects.set(id, outputs);
    if (world().partial.includes(call)) throw new PartialFailure("it is not ready", id, outputs);
    return outputs;
  };
  return {
    async check({ urn, oldInputs, newInputs }) {
      fail(`check ${nameOf(urn)}`);
      const failures: CheckFailure[] = newInputs.invalid ? [{ property: "invalid", reason: "is not allowed" }] : [];
      const auto = newInputs.auto ? { name: newInputs.name ?? oldInputs.name ?? `${nameOf(urn)}-auto` } : {};
      return { inputs: { ...newInputs, ...auto }, failures };
    },
    async diff({ urn, oldInputs, newInputs, ignoreChanges }) {
      fail(`diff ${nameOf(urn)}`);
      return differenceOf(oldInputs, newInputs, ignoreChanges, typeOf(urn).endsWith(":First"));
    },
    async create({ urn, inputs, preview }) {
      const name = nameOf(urn);
      if (preview) return { id: "", outputs: { ...inputs, object: unknownValue, version: unknownValue } };
      const call = `create ${name}`;
      world().record(call);
      fail(call);
      const id = world().nextId(name);
      return { id, outputs: finish(call, id, { ...inputs, object: `object of ${id}`, version: 1 }) };
    },
    async update({ urn, id, oldOutputs, newInputs, preview }) {
      const { object = "" } = oldOutputs;
      if (preview) return { ...newInputs, object, version: unknownValue };
      const call = `update ${nameOf(urn)}`;
      world().record(`${call} ${id}`);
      fail(call);
      return finish(call, id, { ...newInputs, object, version: Number(oldOutputs.version ?? 0) + 1 });
    },
    async read({ urn, id, inputs }) {
      world().record(`read ${nameOf(urn)} ${id}`);
      fail(`read ${nameOf(urn)}`);
      const live = world().objects.get(id);
      if (!live) return undefined;
      const { object: _, version: __, ...properties } = live;
      if (world().partial.includes(`read ${nameOf(urn)}`)) throw new PartialFailure("it is not ready", id, live);
      const known = Object.keys(inputs).length > 0 ? withSecretsOf(inputs, properties) : properties;
      return { id, inputs: known, outputs: live };
    },
    async delete({ urn, id }) {
      const call = `delete ${nameOf(urn)}`;
      world().record(`${call} ${id}`);
      fail(call);
      world().objects.delete(id);
    },
    async find({ urn, inputs }) {
      const ids = world().of(nameOf(urn));
      const id = ids.at(-1);
      world().record(`find ${nameOf(urn)}`);
      const live = id === undefined ? undefined : world().objects.get(id);
      return id !== undefined && live && sameValue({ ...inputs, object: live.object ?? "", version: 1 }, live)
        ? { id, outputs: live }
        : undefined;
    },
  };
}

/** What is there, in the wrappers of what the engine knows. */
function withSecretsOf(inputs: PropertyMap, live: PropertyMap): PropertyMap {
  const same = ([key, value]: [string, PropertyValue]): [string, PropertyValue] => {
    const known = inputs[key];
    return [key, isSecret(known) && sameValue(known, value) ? known : value];
  };
  return Object.fromEntries(Object.entries(live).map(same));
}

function differenceOf(old: PropertyMap, current: PropertyMap, ignored: string[], deleteFirst: boolean): Difference {
  const [before, after] = [plainMap(old), plainMap(current)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changes = keys
    .filter((key) => !ignored.includes(key) && !sameValue(before[key], after[key]))
    .map((key) => ({
      path: formatPath([key]),
      kind: !(key in before) ? ("add" as const) : key in after ? ("update" as const) : ("delete" as const),
      inputDiff: true,
      replaces: key === "name",
    }));
  const replaces = changes.some((change) => change.replaces);
  const action = replaces ? "replace" : changes.length > 0 ? "update" : "none";
  return { action, changes, deleteBeforeReplace: deleteFirst };
}
