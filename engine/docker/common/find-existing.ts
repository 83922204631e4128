import type { Lifecycle } from "../../protocol/lifecycle.ts";
import { type PropertyMap, plainMap } from "../../protocol/property-value.ts";
import type { Connection } from "./connection.ts";
import { attempt } from "./docker-error.ts";
import { withoutDefaults } from "./outputs.ts";
import type { ResourceType } from "./resource-type.ts";

/** Seconds: volumes carry the time of their creation without fractions, and clocks are read one after the other. */
const tolerance = 2;

/** What became of a creation that was cut off before its result could be written down. */
export type Existing =
  /** Nothing of that name; or a type whose creation can simply be repeated. Create it. */
  | { verdict: "none" }
  /** Made by the creation that was cut off, and complete: write it to the state with this id and these outputs. */
  | { verdict: "adopt"; id: string; inputs: PropertyMap; outputs: PropertyMap }
  /** Made by that creation, but not finished, and never used: delete this id, then create. */
  | { verdict: "remove"; id: string; inputs: PropertyMap; outputs: PropertyMap }
  /** Somebody else's, or changed since: leave it, and tell the user why. */
  | { verdict: "foreign"; id: string; reason: string };

/**
 * Looks for what a run that was killed between "create" and the write of its state may have left behind.
 *
 * The rule: names are in the checked inputs, made-up ones too, so the object is looked up by name. It is this
 * stack's if the daemon made it at or after `since`, the time when the engine wrote down that it was about to create
 * it (compared by the daemon's clock), and if it differs in nothing from the inputs. No label marks it: labels
 * would be a difference to Pulumi's own plugin.
 */
export async function findExisting(
  type: ResourceType,
  lifecycle: Lifecycle,
  connection: Connection,
  request: { urn: string; inputs: PropertyMap; since: Date },
): Promise<Existing> {
  if (!type.find) return { verdict: "none" };
  const docker = await connection.docker();
  const log = () => {};
  const session = { docker, registryAuth: connection.registryAuth, log, timeout: 60_000 };
  const name = String(plainMap(request.inputs).name);
  const what = `${type.token} "${name}"`;
  const found = await attempt(`look for ${what}`, async () =>
    type.find?.(session, plainMap(withoutDefaults(request.inputs))),
  );
  if (!found) return { verdict: "none" };

  const { id } = found;
  const daemonTime = new Date(((await docker.info()) as { SystemTime: string }).SystemTime).getTime();
  const since = request.since.getTime() + (daemonTime - Date.now()) - tolerance * 1000;
  if (found.createdAt.getTime() < since) {
    return { verdict: "foreign", id, reason: `there is already a ${what}, made ${found.createdAt.toISOString()}` };
  }
  const context = { urn: request.urn, log };
  const live = await lifecycle.read({ ...context, id, inputs: request.inputs, outputs: {} });
  if (!live) return { verdict: "none" };
  const { changes } = await lifecycle.diff({
    ...context,
    id,
    oldInputs: live.inputs,
    oldOutputs: live.outputs,
    newInputs: request.inputs,
    ignoreChanges: found.isHalfMade ? ["mustRun", "ports", "networksAdvanced"] : [],
  });
  if (changes.length > 0) {
    const paths = changes.map((change) => change.path).join(", ");
    return { verdict: "foreign", id, reason: `there is already a ${what} that differs in ${paths}` };
  }
  return { verdict: found.isHalfMade ? "remove" : "adopt", id, inputs: request.inputs, outputs: live.outputs };
}
