import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import {
  makeSecret,
  markSecretsLike,
  plainMap,
  sameValue,
  unknownValue,
} from "../../../lib/protocol/property-value.ts";
import type { Change, Lifecycle } from "../../../lib/provider/lifecycle.ts";
import type { Amazon } from "./amazon.ts";
import type { AwsType } from "./aws-type.ts";

/** Of types in AWS_TEST_HOLD the answer to a create is held back for so long, milliseconds: a run can be killed before it. */
const held = 60_000;

/** The lifecycle of a type: inputs are compared with inputs, outputs are the inputs and what AWS computed. */
export function lifecycleOf(type: AwsType, amazon: () => Amazon): Lifecycle {
  const mark = (outputs: PropertyMap, inputs: PropertyMap): PropertyMap => {
    const marked = markSecretsLike(outputs, inputs);
    for (const key of type.secretOutputs ?? []) if (key in marked) marked[key] = makeSecret(marked[key] ?? null);
    return marked;
  };
  return {
    async check({ urn, oldInputs, newInputs, randomSeed }) {
      const inputs = { ...newInputs };
      const { autoName } = type;
      if (autoName !== undefined && inputs[autoName] === undefined) {
        const tail = createHash("sha256").update(randomSeed).update(urn).digest("hex").slice(0, 7);
        inputs[autoName] = oldInputs[autoName] ?? `${urn.split("::").at(-1)}-${tail}`;
        // As Pulumi's bridge says which names it made up.
        inputs.__defaults = [autoName];
      }
      const known: readonly string[] = type.inputs;
      const failures = [
        ...Object.keys(inputs)
          .filter((key) => !known.includes(key) && key !== "__defaults")
          .map((property) => ({ property, reason: `${type.token} has no such input here` })),
        ...(type.required ?? [])
          .filter((key) => inputs[key] === undefined)
          .map((property) => ({ property, reason: "is missing" })),
      ];
      return { inputs, failures };
    },
    async diff({ oldInputs, newInputs }) {
      const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])];
      const replaceOn: readonly string[] = type.replaceOn;
      const changes = keys
        .filter((key) => !sameValue(oldInputs[key], newInputs[key]))
        .map((path): Change => ({ path, kind: "update", replaces: replaceOn.includes(path), inputDiff: true }));
      const replace = changes.some(({ replaces }) => replaces);
      return { action: replace ? "replace" : changes.length > 0 ? "update" : "none", changes };
    },
    async create({ inputs, preview }) {
      if (preview) {
        const unknown = Object.fromEntries(type.computed.map((key) => [key, unknownValue]));
        return { id: "", outputs: mark({ ...inputs, ...unknown }, inputs) };
      }
      const { id, outputs } = await type.create(amazon(), plainMap(inputs));
      if (process.env.AWS_TEST_HOLD?.split(",").includes(type.token)) await setTimeout(held);
      const { __defaults: _, ...given } = plainMap(inputs);
      return { id, outputs: mark({ ...given, ...outputs, id }, inputs) };
    },
    async update({ id, oldOutputs, newInputs, preview }) {
      if (!preview) await type.update?.(amazon(), id, plainMap(newInputs));
      return mark({ ...plainMap(oldOutputs), ...newInputs }, newInputs);
    },
    async read({ id, inputs, outputs }) {
      const live = type.read ? await type.read(amazon(), id) : plainMap(outputs);
      return live && { id, inputs, outputs: mark({ ...live, id }, inputs) };
    },
    async delete({ id, outputs }) {
      await type.delete(amazon(), id, plainMap(outputs));
    },
  };
}
