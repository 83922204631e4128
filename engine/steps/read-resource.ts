import type { PropertyMap } from "../protocol/property-value.ts";
import { containsUnknown, unknownValue } from "../protocol/property-value.ts";
import { markSecrets } from "../protocol/special-values.ts";
import type { ResourceState } from "../state/resource-state.ts";
import type { Goal } from "./goal.ts";
import { newState } from "./new-state.ts";
import { resourceProvider } from "./register-resource.ts";
import type { Step } from "./report.ts";
import { runChange } from "./run-change.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Reads an object that somebody else manages (`SomeResource.get`) and records it as external.
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
  if (id === unknownValue || containsUnknown(goal.inputs)) return { ...target, id: "", outputs: {} };
  const old = context.state.old(urn);
  const step: Step = { urn, type: goal.type, operation: "read", ...(old && { old }), new: target, changes: [] };
  return runChange(context, step, undefined, async () => {
    const live = await (await resourceProvider(context, target)).read({ urn, id, inputs: {}, outputs: goal.inputs });
    if (!live) throw new Error(`there is no object with the id "${id}"`);
    const outputs: PropertyMap = markSecrets(live.outputs, goal.additionalSecretOutputs);
    const read = { ...target, id: live.id, inputs: live.inputs ?? {}, outputs };
    // What this stack made itself and now only reads is let go.
    if (old && !old.external) context.state.forget(old);
    context.state.register(read);
    step.new = read;
    return read;
  });
}
