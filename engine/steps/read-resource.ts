import { containsUnknown, type PropertyMap, unknownValue } from "../../lib/protocol/property-value.ts";
import { markSecrets } from "../../lib/protocol/special-values.ts";
import type { Step } from "../reporting/report.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { type Goal, newState } from "./goal.ts";
import { providerOf } from "./provider-of.ts";
import { runChange } from "./run-change.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Reads an object that another program manages (`SomeResource.get`) and records it as external.
 * @param id of the object; unknown in previews where it comes from a resource that does not exist yet.
 */
export async function readResource(
  context: RunContext,
  urn: string,
  id: string,
  goal: Goal,
  provider: string,
): Promise<ResourceState> {
  const target: ResourceState = { ...newState(urn, goal, provider), external: true, id };
  const old = context.state.old(urn);
  const step: Step = { urn, type: goal.type, operation: "read", old, new: target, changes: [] };
  return runChange(context, step, undefined, async () => {
    const read = { ...target, ...(await look(context, target, goal)) };
    // An object that this stack made is let go; where another one is read in its place, it is deleted.
    if (old && !old.external && old.id !== id) context.state.registerReplacement(read);
    else context.state.register(read);
    step.new = read;
    return read;
  });
}

async function look(context: RunContext, target: ResourceState, goal: Goal): Promise<Partial<ResourceState>> {
  const { urn, id = "" } = target;
  if (id === unknownValue || containsUnknown(goal.inputs)) return { id: "", outputs: {} };
  const live = await (await providerOf(context, target)).read({ urn, id, inputs: {}, outputs: goal.inputs });
  if (!live) throw new Error(`there is no object with the id "${id}"`);
  const outputs: PropertyMap = markSecrets(live.outputs, goal.additionalSecretOutputs);
  return { id: live.id, outputs };
}
