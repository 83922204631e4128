import type * as pulumi from "@pulumi/pulumi";
import { type DataHost, dataHostOf } from "../docker-host/data-host.ts";
import type { RegistryOptions } from "../registry/configuration/registry-options.ts";
import { RedisCache } from "../registry/redis-cache.ts";
import type { RegistryDefaults } from "../registry/registry-defaults.ts";
import { RegistryService } from "../registry/registry-service.ts";
import type { RegistryServiceArgs } from "../registry/registry-service-args.ts";
import { networkKeyOf, serviceOptions } from "../registry/service-defaults.ts";
import type { ServiceInputs } from "../registry/service-inputs.ts";
import { isSharedVolume } from "../registry/shared-volume.ts";
import type { NetworkKey } from "../swarm/joined-networks.ts";
import { SwarmMembership, type SwarmMembershipArgs } from "../swarm/swarm-membership.ts";

/** A registry in a swarm: what it is, and how it runs. */
export interface ServedRegistry extends Omit<RegistryServiceArgs, "service" | "node" | "options"> {
  options: RegistryOptions;
  service: Omit<ServiceInputs, "networks"> & { networks: pulumi.Input<string>[] };
  /** The swarm that it runs in. Default: the one that the Docker host manages. */
  swarm?: Pick<SwarmMembershipArgs, "initialize" | "advertiseAddress"> | undefined;
  /** The machine that has the images; "unknown": it cannot be asked now; undefined: every machine finds them. */
  dataHost?: DataHost | "unknown" | undefined;
  /** Of every service. */
  labels: Record<string, string>;
  /** Called with what its first run decided, before anything that depends on it is made. */
  decided?: (defaults: RegistryDefaults) => void;
}

/** Runs a registry as a service: the swarm (`NAME-swarm`), a Redis cache where there is one (`NAME-cache`), and the service. */
export function runService(
  name: string,
  { service, swarm, dataHost, labels, decided, ...common }: ServedRegistry,
  { custom, component }: { custom: pulumi.CustomResourceOptions; component: pulumi.ComponentResourceOptions },
): RegistryService {
  const { storage, dockerHost = {}, options } = common;
  // Without constraints the service is pinned to the node that was asked first, also when DOCKER_HOST leads elsewhere.
  const isPinned = dockerHost.url === undefined && service.placement.constraints.length === 0;
  const onDataHost = dataHostOf(dataHost, isPinned);
  const membership = new SwarmMembership(
    `${name}-swarm`,
    { dockerHost, ...swarm, ...onDataHost.args },
    { ...custom, ...onDataHost.opts },
  );
  const isOnOneNode = !("objects" in storage || ("volume" in storage && isSharedVolume(storage.volume)));
  const node = isOnOneNode && service.placement.constraints.length === 0 ? membership.nodeId : undefined;
  const run = (defaults: RegistryDefaults) => {
    decided?.(defaults);
    return serviceOptions(service, { registry: options, storage, defaults }, labels);
  };
  const inSwarm = { ...component, dependsOn: membership };
  if (!service.redisCache) return new RegistryService(name, { ...common, node, service: run }, inSwarm);
  const networkKey = Promise.withResolvers<NetworkKey>();
  const cache = new RedisCache(
    `${name}-cache`,
    {
      name: `${common.name}-cache`,
      dockerHost,
      ...service.redisCache,
      labels,
      networkKey: networkKey.promise,
    },
    inSwarm,
  );
  const cached = { ...options, cache: "redis" as const, redis: { addresses: cache.addresses } };
  const withCache = (defaults: RegistryDefaults) => {
    networkKey.resolve(networkKeyOf(defaults));
    const { networks, ...rest } = run(defaults);
    return { ...rest, networks: [...networks, cache.network] };
  };
  return new RegistryService(name, { ...common, options: cached, node, service: withCache }, inSwarm);
}
