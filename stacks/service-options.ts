import { durationSeconds } from "../components/registry/configuration/duration.ts";
import type { RegistryStorage } from "../components/registry/registry-storage.ts";
import type { ServiceOptions } from "../components/registry/service-options.ts";
import type { ServiceSettings } from "./settings/service.ts";
import type { SettingsWithRegistry } from "./settings.ts";

/** How long past the registry's own drain time Docker waits before it kills a task, in seconds. */
const graceBeyondDrain = 10;

/** The settings of a service with what follows from other settings filled in. */
export function serviceOptions(
  service: ServiceSettings,
  { registry, storage }: { registry: SettingsWithRegistry["registry"]; storage: RegistryStorage },
  containerLabels: Record<string, string>,
): ServiceOptions {
  const { memory, cpus, update, stopGrace, labels, network, redisCache, ...rest } = service;
  const grace = Math.ceil(durationSeconds(registry.drainTimeout)) + graceBeyondDrain;
  // Two tasks may run side by side only where they share what they store, and each gets a port of its own.
  const sideBySide = "objects" in storage && service.publish === "ingress";
  return {
    ...rest,
    network: network && { ...network, name: network.name ?? (network.encrypted ? "registry-encrypted" : "registry") },
    limits: { memory, cpus },
    labels: { ...labels, ...containerLabels },
    containerLabels,
    stopGrace: stopGrace ?? `${grace}s`,
    update: { ...update, order: update.order ?? (sideBySide ? "start-first" : "stop-first") },
  };
}
