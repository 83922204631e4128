import type { ResourceRule } from "../resources/rule.ts";
import { at } from "../resources/value.ts";
import { isRegistry, workloadOf } from "../resources/workload.ts";

/** CIS Docker Benchmark 5.27 (5.26 in older editions). The registry's image brings none of its own. */
export const healthCheck: ResourceRule = {
  name: "health-check",
  description:
    "A registry must have a health check: nothing else tells a hanging one, and updates of a service wait for it.",
  level: "mandatory",
  check(resource) {
    const workload = workloadOf(resource);
    if (!workload || !isRegistry(workload)) return [];
    const first = at(workload.container, "healthcheck", "tests", 0);
    if (first !== undefined && first !== "NONE") return [];
    return [
      'It has no health check. Set healthcheck, for example tests: ["CMD", "wget", "-q", "-O", "/dev/null", URL].',
    ];
  },
};
