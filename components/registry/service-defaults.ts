import type * as pulumi from "@pulumi/pulumi";
import { durationSeconds } from "../../lib/time/registry-duration.ts";
import type { NetworkKey } from "../swarm/joined-networks.ts";
import type { RegistryOptions } from "./configuration/registry-options.ts";
import { type RegistryDefaults, unprivilegedUser } from "./registry-defaults.ts";
import type { RegistryStorage } from "./registry-storage.ts";
import type { ServiceInputs } from "./service-inputs.ts";
import type { ServiceOptions } from "./service-options.ts";
import { isSharedVolume } from "./shared-volume.ts";

/** How long past the registry's own drain time Docker waits before it kills a task, in seconds. */
const graceBeyondDrain = 10;

interface Surroundings {
  registry: Pick<RegistryOptions, "drainTimeout">;
  storage: RegistryStorage;
  /** Of its first run. */
  defaults: RegistryDefaults;
}

/** The settings of a service with what follows from other settings and from its first run filled in. */
export function serviceOptions(
  service: Omit<ServiceInputs, "networks"> & { networks: pulumi.Input<string>[]; root?: unknown },
  { registry, storage, defaults }: Surroundings,
  containerLabels: Record<string, string>,
): ServiceOptions {
  const { memory, cpus, update, stopGrace, labels, user, network, redisCache, root, ...rest } = service;
  const grace = Math.ceil(durationSeconds(registry.drainTimeout)) + graceBeyondDrain;
  // Two tasks may run side by side only where they share what they store, and each gets a port of its own.
  const sideBySide = "objects" in storage && service.publish === "ingress";
  // A volume is made by the node that gets a task, and belongs to root until it is given away. With one that nodes share, their server
  // decides who may own it.
  const isGiven = defaults >= 4 && "volume" in storage && !isSharedVolume(storage.volume);
  const isOthers = defaults === 1 || ("volume" in storage && !isGiven);
  return {
    ...rest,
    user: user ?? (isOthers ? "0:0" : unprivilegedUser),
    ...(isGiven ? { volumeOwner: user === undefined ? "keep" : "give" } : {}),
    network: networkOf(network),
    networkKey: networkKeyOf(defaults),
    limits: { memory, cpus },
    labels: { ...labels, ...containerLabels },
    containerLabels,
    stopGrace: stopGrace ?? `${grace}s`,
    update: { ...update, order: update.order ?? (sideBySide ? "start-first" : "stop-first") },
  };
}

/** By what services of a stack name their networks. */
export function networkKeyOf(defaults: RegistryDefaults): NetworkKey {
  return defaults >= 3 ? "id" : "name";
}

function networkOf(network: ServiceInputs["network"]): ServiceOptions["network"] {
  if (network === undefined || network === "none") return undefined;
  return { ...network, name: network.name ?? (network.encrypted ? "registry-encrypted" : "registry") };
}
