import type { ResourceRule } from "../resources/rule.ts";
import { at } from "../resources/value.ts";
import { isRegistry, workloadOf } from "../resources/workload.ts";

/** CIS Docker Benchmark 5.11 (5.10 in older editions). */
export const resourceLimits: ResourceRule = {
  name: "resource-limits",
  description: "A registry must have a memory limit: one big push would starve its host.",
  level: "mandatory",
  check(resource) {
    const workload = workloadOf(resource);
    if (!workload || !isRegistry(workload)) return [];
    const [memory, name] =
      workload.kind === "container"
        ? [workload.container.memory, "memory (MiB)"]
        : [
            at(resource.properties, "taskSpec", "resources", "limits", "memoryBytes"),
            "taskSpec.resources.limits.memoryBytes",
          ];
    return memory ? [] : [`It has no memory limit. Set ${name}.`];
  },
};
