import type { RegistrySettings } from "./registry-settings.ts";
import { registrySettings } from "./registry-settings.ts";
import type { Resource } from "./resource.ts";
import type { Workload } from "./workload.ts";
import { isRegistry, workloadOf } from "./workload.ts";

/** A registry of a stack. */
export interface RegistryOfStack {
  workload: Workload;
  settings: RegistrySettings;
  resource: Resource;
}

/** The registries of a stack, with how they are configured. */
export function registriesOf(resources: Resource[]): RegistryOfStack[] {
  return resources.flatMap((resource) => {
    const workload = workloadOf(resource);
    if (!workload || !isRegistry(workload)) return [];
    return [{ workload, resource, settings: registrySettings(workload, resources) }];
  });
}
