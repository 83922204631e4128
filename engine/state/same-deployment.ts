import type { CheckpointWriter, Deployment } from "./checkpoint.ts";
import { type ResourceState, sortedDependencies } from "./resource-state.ts";

/** Whether a file with the one already says what would be saved, apart from the order of resources and dependencies. */
export function sameDeployment(before: Deployment, after: Deployment, writer: CheckpointWriter): boolean {
  if (before.pending.length + after.pending.length > 0) return false;
  if (before.resources.length !== after.resources.length) return false;
  const render = (state: ResourceState) => writer.renderItem(sortedDependencies(state));
  const olds = Map.groupBy(before.resources, (state) => state.urn);
  return after.resources.every((state) =>
    olds.get(state.urn)?.some((old) => old === state || render(old) === render(state)),
  );
}
