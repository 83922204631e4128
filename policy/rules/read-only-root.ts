import type { ResourceRule } from "../resources/rule.ts";
import { isRegistry, workloadOf } from "../resources/workload.ts";

/** CIS Docker Benchmark 5.13 (5.12 in older editions). */
export const readOnlyRoot: ResourceRule = {
  name: "read-only-root",
  description: "The root file system of a registry must be read-only: anyone who breaks in can change no program.",
  level: "mandatory",
  check(resource) {
    const workload = workloadOf(resource);
    if (!workload || !isRegistry(workload) || workload.container.readOnly === true) return [];
    return [
      "Its root file system can be written. Set readOnly: true; the registry writes to its volume and /tmp only.",
    ];
  },
};
