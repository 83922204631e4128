import type { ResourceState } from "../state/resource-state.ts";
import type { Goal } from "./goal.ts";

/** What the state will record of a resource, before its provider was asked; without id, outputs and dates. */
export function newState(urn: string, goal: Goal, provider: string | undefined): ResourceState {
  const { name, aliases, deleteBeforeReplace, version, pluginDownloadUrl, provider: _, ...recorded } = goal;
  return { urn, ...recorded, outputs: {}, ...(provider && { provider }) };
}
