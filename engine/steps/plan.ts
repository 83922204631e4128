import type { ResourceProvider } from "../plugins/resource-provider.ts";
import type { ResourceState } from "../state/resource-state.ts";
import type { Change } from "./plan-change.ts";

/** A decision about one resource. */

export interface Plan {
  provider: ResourceProvider;
  old: ResourceState | undefined;
  target: ResourceState;
  /** Absent: there is nothing yet. */
  change: Change | undefined;
}
