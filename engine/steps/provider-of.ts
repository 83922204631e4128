import { isProviderType } from "../../lib/protocol/urn.ts";
import type { ResourceProvider } from "../plugins/resource-provider.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { componentResources } from "./component-resources.ts";
import { providerResources } from "./provider-resources.ts";
import type { RunContext } from "./run-context.ts";

/** The manager of a resource. */

export async function providerOf(context: RunContext, state: ResourceState): Promise<ResourceProvider> {
  if (!state.custom) return componentResources;
  if (isProviderType(state.type)) return providerResources(context.providers);
  if (!state.provider) throw new Error(`"${state.urn}" names no provider in the state.`);
  return context.providers.client(state.provider);
}
