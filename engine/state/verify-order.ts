import { providerUrn, type ResourceState, referencedUrns } from "./resource-state.ts";

/**
 * Says what is wrong with a list of resources, or undefined: every URN stands once (apart from those that wait
 * for deletion), and what a resource refers to stands before it.
 */
export function verifyOrder(resources: ResourceState[]): string | undefined {
  const seen = new Set<string>();
  const live = new Set<string>();
  const providers = new Set<string>();
  for (const state of resources) {
    const missing = referencedUrns(state).find((urn) => !seen.has(urn));
    if (missing) return `"${state.urn}" refers to "${missing}", which does not stand before it.`;
    if (state.provider && !providers.has(state.provider))
      return `"${state.urn}" refers to "${providerUrn(state.provider)}" with an id that it does not have.`;
    if (!state.delete && live.has(state.urn)) return `"${state.urn}" stands in it twice.`;
    seen.add(state.urn);
    if (!state.delete) live.add(state.urn);
    if (state.type.startsWith("pulumi:providers:")) providers.add(`${state.urn}::${state.id}`);
  }
  return undefined;
}
