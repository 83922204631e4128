import { attempt } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { isTrue, numberOf, textOf } from "../../../lib/protocol/values.ts";
import { isSame } from "../common/compare.ts";
import { isBlank } from "../common/fields.ts";
import type { ResourceType } from "../common/resource-type.ts";
import { containerFields } from "./container-fields.ts";
import { defaultCpuShares } from "./container-outputs.ts";
import { processorOf, resourcesOf, restartPolicyOf } from "./host-config.ts";
import { startContainer, waitForHealth } from "./start-container.ts";

/**
 * What Docker fixes when it makes the container, though Pulumi's Docker plugin plans no replacement for it. The plan
 * is kept the same; the state takes the new value, and it is said that the container does not.
 */
const fixed = ["healthcheck", "tmpfs", "init", "rm"];

/** Limits that Docker can change but not lift: zero means "as it was" to it. */
const lasting = ["memory", "memoryReservation", "memorySwap", "cpuSet", "cpuPeriod", "cpuQuota"];

/** What Docker can change on a living container. */
const live = ["restart", "maxRetryCount", "cpuShares", ...lasting];

/** Changes a container in place; starts it where it must run and does not. */
export const updateContainer: NonNullable<ResourceType["update"]> = async (session, id, inputs, old) => {
  const name = textOf(inputs.name) ?? id;
  const container = session.docker.getContainer(id);
  const differs = (key: string) => {
    const field = containerFields[key];
    return field !== undefined && !isSame(field, old[key], inputs[key]);
  };
  const late = [...fixed.filter(differs), ...lasting.filter((key) => isBlank(inputs[key]) && differs(key))];
  if (late.length > 0) {
    session.log("warning", `${late.join(", ")}: Docker takes the change only when the container is next replaced`);
  }
  if (live.some(differs)) {
    const options = { ...limitsOf(inputs, old), RestartPolicy: restartPolicyOf(inputs) };
    await attempt(`update the container "${name}"`, () => container.update(options));
  }
  const { State } = await attempt(`inspect the container "${name}"`, () => container.inspect());
  if (!State.Running && isTrue(inputs.mustRun)) await startContainer(session, id, inputs);
  else if (State.Running && isTrue(inputs.wait))
    await waitForHealth(container, name, numberOf(inputs.waitTimeout) ?? 60);
};

/**
 * The limits as Docker's update takes them. It refuses a `memory` above the swap limit that it once derived from the
 * old one (twice as much): where the inputs leave `memorySwap` out it is derived again.
 */
function limitsOf(inputs: PropertyMap, old: PropertyMap): object {
  const memory = numberOf(inputs.memory) ?? 0;
  return {
    ...resourcesOf(inputs),
    ...processorOf(inputs),
    ...(memory > 0 && inputs.memorySwap === undefined ? { MemorySwap: memory * 2 * 1024 * 1024 } : {}),
    ...(isBlank(inputs.cpuShares) && !isBlank(old.cpuShares) ? { CpuShares: defaultCpuShares } : {}),
  };
}
