import { isProviderType } from "../../lib/protocol/urn.ts";
import { providerUrn, type ResourceState, referencedUrns } from "../state/resource-state.ts";
import { deleteObject } from "./delete-object.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Deletes resources, each after all that depend on it, otherwise side by side. Where one fails, what it depends
 * on stays too.
 * @param condemned in the order of the state.
 */
export async function deleteResources(context: RunContext, condemned: ResourceState[]): Promise<void> {
  const urns = new Set(condemned.map((state) => state.urn));
  const dependents = dependentsOf(condemned);
  const done = new Map<ResourceState, Promise<boolean>>();
  const remove = async (state: ResourceState) => {
    const gone = await Promise.all((dependents.get(state) ?? []).map((dependent) => done.get(dependent)));
    if (gone.includes(false)) return false;
    try {
      await deleteObject(context, state, { condemned: urns });
      return true;
    } catch {
      return false; // reported, or the run was interrupted
    }
  };
  for (const state of condemned.toReversed()) done.set(state, remove(state));
  await Promise.all(done.values());
}

/** Which of the condemned refer to which; providers are told apart by their ids. */
function dependentsOf(condemned: ResourceState[]): Map<ResourceState, ResourceState[]> {
  const byUrn = Map.groupBy(condemned, (state) => state.urn);
  const dependents = new Map<ResourceState, ResourceState[]>();
  for (const state of condemned) {
    const provider = state.provider;
    const needed = referencedUrns(state).filter((urn) => !provider || urn !== providerUrn(provider));
    const targets = new Set(needed.flatMap((urn) => byUrn.get(urn) ?? []));
    if (provider)
      for (const candidate of byUrn.get(providerUrn(provider)) ?? [])
        if (isProviderType(candidate.type) && provider.endsWith(`::${candidate.id}`)) targets.add(candidate);
    targets.delete(state);
    for (const target of targets) {
      const known = dependents.get(target);
      if (known) known.push(state);
      else dependents.set(target, [state]);
    }
  }
  return dependents;
}
