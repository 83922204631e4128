import { attempt } from "../../../lib/docker/docker-error.ts";
import { type PropertyMap, plainMap } from "../../../lib/protocol/property-value.ts";
import type { FindRequest, Lifecycle } from "../../../lib/provider/lifecycle.ts";
import type { Connection } from "./connection.ts";
import { withoutDefaults } from "./outputs.ts";
import type { ResourceType } from "./resource-type.ts";

/** Seconds: volumes carry the time of their creation without fractions, and clocks are read one after the other. */
const tolerance = 2;

/**
 * Looks for what a run that was killed between "create" and the write of its state may have left behind, by its name.
 * It is this stack's if the daemon made it at or after `since`, by the daemon's clock, and if it differs in nothing from the
 * inputs. No label marks it: Pulumi's own plugin would see a difference. What was made but never used (a container that did
 * not start) is removed. What is not this stack's is left, with a warning: the create that follows says that the name is taken.
 */
export async function findExisting(
  type: ResourceType,
  lifecycle: Lifecycle,
  connection: Connection,
  { urn, log, inputs, since }: FindRequest,
): Promise<{ id: string; outputs: PropertyMap } | undefined> {
  if (!type.find) return undefined;
  const docker = await connection.docker();
  const session = { docker, registryAuth: connection.registryAuth, log, timeout: 60_000 };
  const name = String(plainMap(inputs).name);
  const what = `${type.token} "${name}"`;
  const found = await attempt(`look for ${what}`, async () => type.find?.(session, plainMap(withoutDefaults(inputs))));
  if (!found) return undefined;

  const { id } = found;
  const daemonTime = new Date(((await docker.info()) as { SystemTime: string }).SystemTime).getTime();
  const earliest = since.getTime() + (daemonTime - Date.now()) - tolerance * 1000;
  if (found.createdAt.getTime() < earliest) {
    log("warning", `there is already a ${what}, made ${found.createdAt.toISOString()}, before this stack began to`);
    return undefined;
  }
  const context = { urn, log };
  const live = await lifecycle.read({ ...context, id, inputs, outputs: {} });
  if (!live) return undefined;
  const { changes } = await lifecycle.diff({
    ...context,
    id,
    oldInputs: live.inputs,
    oldOutputs: live.outputs,
    newInputs: inputs,
    ignoreChanges: found.isHalfMade ? ["mustRun", "ports", "networksAdvanced"] : [],
  });
  if (changes.length > 0) {
    const paths = changes.map((change) => change.path).join(", ");
    log("warning", `there is already a ${what}, which differs in ${paths}`);
    return undefined;
  }
  if (!found.isHalfMade) return { id, outputs: live.outputs };
  await lifecycle.delete({ ...context, id, inputs, outputs: live.outputs, timeout: 0 });
  return undefined;
}
