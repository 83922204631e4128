import type { ResourceRule } from "../resources/rule.ts";
import { at, isProperties } from "../resources/value.ts";
import { isRegistry, workloadOf } from "../resources/workload.ts";

/** Without them swarm pauses a failed update half-way, and nobody is told. */
export const serviceUpdateSettings: ResourceRule = {
  name: "service-update-settings",
  description: "A registry in a swarm must say how it is updated and rolled back.",
  level: "mandatory",
  check(resource) {
    const workload = workloadOf(resource);
    if (workload?.kind !== "service" || !isRegistry(workload)) return [];
    const { updateConfig, rollbackConfig, endpointSpec } = resource.properties;
    const ports = at(endpointSpec, "ports");
    const hostPorts = Array.isArray(ports) && ports.some((port) => at(port, "publishMode") === "host");
    return [
      ...(at(updateConfig, "failureAction") === "rollback" ? [] : ['Set updateConfig.failureAction to "rollback".']),
      ...(isProperties(rollbackConfig) ? [] : ["Set rollbackConfig."]),
      ...(hostPorts && at(updateConfig, "order") === "start-first"
        ? [
            "updateConfig.order is start-first with a port in host mode: the new task waits for the port of the old one forever.",
          ]
        : []),
    ];
  },
};
