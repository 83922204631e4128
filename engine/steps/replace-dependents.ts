import { type PropertyMap, unknownValue } from "../../lib/protocol/property-value.ts";
import { providerUrn, type ResourceState } from "../state/resource-state.ts";
import { deleteObject } from "./delete-object.ts";
import { planChange } from "./plan-change.ts";
import { providerOf } from "./provider-of.ts";
import { Reported, type RunContext } from "./run-context.ts";

/**
 * Deletes, in reverse order, everything that cannot outlive a resource which is deleted before it is replaced:
 * dependents that would themselves be replaced if the properties they take from it changed. They are made again
 * when the program registers them. What the run has decided about already cannot depend on the resource.
 * @throws {Reported} where one of them is protected or cannot be deleted.
 */
export async function replaceDependents(context: RunContext, root: string): Promise<void> {
  const condemned = new Set([root]);
  const doomed: ResourceState[] = [];
  for (const state of context.state.dependents(root)) {
    if (context.decided.has(state.urn) || !(await mustGo(context, state, condemned))) continue;
    condemned.add(state.urn);
    doomed.push(state);
  }
  for (const state of doomed.toReversed()) {
    if (state.pendingReplacement) continue;
    if (state.protect) {
      const { urn, type } = state;
      const message = `it is protected, and the replacement of "${root}" would have to delete it. Remove the protect option first.`;
      context.report.failed({ urn, type, operation: "delete", old: state, changes: [] }, message);
      throw new Reported(message);
    }
    await deleteObject(context, state, { replacing: true, condemned });
  }
}

async function mustGo(context: RunContext, state: ResourceState, condemned: ReadonlySet<string>): Promise<boolean> {
  if (!state.custom || state.external) return false;
  if (state.provider && condemned.has(providerUrn(state.provider))) return true;
  if (state.deletedWith && condemned.has(state.deletedWith)) return true;
  const newInputs: PropertyMap = { ...state.inputs };
  for (const [key, urns] of Object.entries(state.propertyDependencies ?? {}))
    if (key in newInputs && urns.some((urn) => condemned.has(urn))) newInputs[key] = unknownValue;
  if (!Object.values(newInputs).includes(unknownValue)) return false;
  const provider = await providerOf(context, state);
  const change = await planChange(provider, {
    old: { ...state, initErrors: [] },
    newInputs,
    ignoreChanges: state.ignoreChanges ?? [],
    replaceOnChanges: state.replaceOnChanges ?? [],
  });
  return change.action === "replace";
}
