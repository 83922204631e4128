import { daemonMessage } from "../../../lib/docker/docker-error.ts";
import { topLevel } from "../../../lib/protocol/property-path.ts";
import {
  makeSecret,
  markSecretsLike,
  type PropertyMap,
  plainMap,
  unknownValue,
} from "../../../lib/protocol/property-value.ts";
import { type Lifecycle, PartialFailure, type RequestContext } from "../../../lib/provider/lifecycle.ts";
import { apiProblems } from "./api-needs.ts";
import { autoName, isAutoNamed } from "./auto-name.ts";
import { checkInputs } from "./check-inputs.ts";
import { compare } from "./compare.ts";
import type { Connection } from "./connection.ts";
import type { Fields } from "./fields.ts";
import { plannedOutputs, reconcile, refreshedInputs, updatedOutputs, withoutDefaults } from "./outputs.ts";
import type { ResourceType, Session } from "./resource-type.ts";

/** Twenty minutes, what Pulumi's own plugin allows where the program sets no `customTimeouts`. */
const defaultTimeout = 20 * 60;

/**
 * The lifecycle of a Docker type: checks, compares and keeps state by the type's table of fields, so that plans and
 * state are those of Pulumi's own Docker plugin, and leaves to the type what is asked of the daemon.
 * An object that was made but then failed (a container that does not start) is a `PartialFailure`.
 */
export function lifecycleOf(type: ResourceType, connection: Connection): Lifecycle {
  const fields = type.inputs;

  const open = async (context: RequestContext, timeout = 0): Promise<Session> => ({
    docker: await connection.docker(),
    registryAuth: connection.registryAuth,
    log: (severity, message) => context.log(severity, message),
    timeout: (timeout || defaultTimeout) * 1000,
  });

  const outputsOf = (known: PropertyMap, live: PropertyMap | undefined, id: string): PropertyMap => {
    const plain = { ...type.zeroOutputs, ...plainMap(withoutDefaults(known)) };
    return markSecrets(fields, { ...reconcile(fields, plain, live ?? {}), id }, known);
  };

  /** Outputs for the state after something was done; what cannot be read any more is left as it was asked for. */
  const settle = async (session: Session, id: string, known: PropertyMap): Promise<PropertyMap> => {
    const live = await type.read(session, id, plainMap(known)).catch(() => undefined);
    return outputsOf(known, live?.outputs, live?.id ?? id);
  };

  return {
    async check({ urn, oldInputs, newInputs, randomSeed }) {
      const isNamed = newInputs.name !== undefined && newInputs.name !== null;
      const named =
        type.autoName && !isNamed ? { ...newInputs, name: autoName(urn, randomSeed, oldInputs) } : newInputs;
      const { inputs, failures } = checkInputs(fields, named);
      if (type.autoName && !isNamed) inputs.__defaults = [...(inputs.__defaults as string[]), "name"].sort();
      if (failures.length === 0) failures.push(...(type.problems?.(plainMap(inputs)) ?? []));
      if (failures.length === 0) failures.push(...(await apiProblems(fields, plainMap(inputs), connection)));
      return { inputs, failures };
    },

    async diff({ oldOutputs, newInputs, ignoreChanges }) {
      const wanted = plainMap(withoutDefaults(newInputs));
      const ignored = ignoreChanges.map(topLevel);
      const compared = compare(fields, plainMap(oldOutputs), wanted);
      const changes = compared.filter(({ path }) => !ignored.includes(topLevel(path)));
      if (changes.length === 0) return { action: "none", changes };
      if (!changes.some((change) => change.replaces)) return { action: "update", changes };
      const { deleteBeforeReplace } = type;
      const first = deleteBeforeReplace === "always" || (deleteBeforeReplace === "if named" && !isAutoNamed(newInputs));
      return { action: "replace", changes, deleteBeforeReplace: first };
    },

    async create({ inputs, preview, timeout, ...context }) {
      if (preview) {
        const planned = { ...type.zeroOutputs, ...plannedOutputs(fields, type.computedOutputs, inputs) };
        return { id: "", outputs: markSecrets(fields, planned, inputs) };
      }
      const session = await open(context, timeout);
      // Asked again: the daemon may not have answered the check.
      const [problem] = await apiProblems(fields, plainMap(inputs), connection);
      if (problem) throw new Error(`${problem.property}: ${problem.reason}`);
      let half: string | undefined;
      try {
        const id = await type.create(session, plainMap(withoutDefaults(inputs)), (made) => {
          half = made;
        });
        return { id, outputs: await settle(session, id, inputs) };
      } catch (error) {
        if (half === undefined) throw error;
        throw new PartialFailure(daemonMessage(error), half, await settle(session, half, inputs));
      }
    },

    async update({ id, oldOutputs, newInputs, preview, timeout, ...context }) {
      const known = updatedOutputs(fields, oldOutputs, newInputs);
      if (preview) return markSecrets(fields, { ...type.zeroOutputs, ...known }, newInputs);
      const session = await open(context, timeout);
      const { __defaults, ...old } = plainMap(oldOutputs);
      try {
        await type.update?.(session, id, plainMap(withoutDefaults(newInputs)), old);
      } catch (error) {
        // The old outputs stay what they are, so that the next run sees the same difference again.
        throw new PartialFailure(daemonMessage(error), id, await settle(session, id, oldOutputs));
      }
      const live = await type.read(session, id, plainMap(known));
      const computed = Object.entries(live?.outputs ?? {}).filter(
        ([key]) => !fields[key] || (fields[key].computed && !(key in newInputs)),
      );
      return outputsOf(known, Object.fromEntries(computed), id);
    },

    async read({ id, inputs, outputs, ...context }) {
      const session = await open(context);
      const known = Object.keys(outputs).length > 0 ? withoutMeta(outputs) : withoutDefaults(inputs);
      const live = await type.read(session, id, plainMap(known));
      if (!live) return undefined;
      const now = outputsOf(known, live.outputs, live.id);
      const fresh = refreshedInputs(fields, plainMap(inputs), plainMap(now));
      return { id: live.id, inputs: markSecrets(fields, fresh, inputs), outputs: now };
    },

    async delete({ id, outputs, inputs, timeout, ...context }) {
      const known = { ...plainMap(withoutDefaults(inputs)), ...plainMap(outputs) };
      await type.delete(await open(context, timeout), id, known);
    },
  };
}

/** Wraps what the fields call secret, and what was a secret in `like`. */
function markSecrets(fields: Fields, value: PropertyMap, like: PropertyMap): PropertyMap {
  const marked = markSecretsLike(value, like);
  for (const [key, field] of Object.entries(fields)) {
    const inner = marked[key];
    if (field.secret && inner !== undefined && inner !== unknownValue) marked[key] = makeSecret(inner);
  }
  return marked;
}

/** What only Pulumi's own plugin understands must not stay beside outputs that it did not write. */
function withoutMeta(outputs: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => !key.startsWith("__")));
}
