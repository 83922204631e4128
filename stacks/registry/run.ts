import type * as pulumi from "@pulumi/pulumi";
import { type DataHost, dataHostOf } from "../../components/docker-host/data-host.ts";
import { RedisCache } from "../../components/registry/redis-cache.ts";
import { RegistryContainer } from "../../components/registry/registry-container.ts";
import type { RegistryContainerArgs } from "../../components/registry/registry-container-args.ts";
import type { RegistryDefaults } from "../../components/registry/registry-defaults.ts";
import { RegistryService } from "../../components/registry/registry-service.ts";
import type { RegistryStorage } from "../../components/registry/registry-storage.ts";
import type { NetworkKey } from "../../components/swarm/joined-networks.ts";
import { SwarmMembership } from "../../components/swarm/swarm-membership.ts";
import type { Refusal } from "../../lib/validation/refusal.ts";
import { engineOf } from "../docker-host/engine-of.ts";
import { all, type Providers } from "../docker-host/make.ts";
import { publishedAddress } from "../docker-host/published-address.ts";
import { networkKeyOf, serviceOptions } from "../service/make.ts";
import type { ServiceSettings } from "../service/settings.ts";
import type { SettingsWithRegistry } from "../settings/settings.ts";
import { isSharedVolume } from "../storage/volume-driver-problems.ts";
import { ownLabels } from "../throw-away/own-labels.ts";
import { runsAs } from "./runs-as.ts";
import { containerSettings } from "./settings.ts";

/** What the two ways to run a registry have in common. */
type Common = Omit<ConstructorParameters<typeof RegistryService>[1], "service" | "node">;

export interface Parts extends Pick<Common, "tls" | "htpasswd"> {
  storage: RegistryStorage;
  /** The machine that has the images; "unknown": it can't be asked now; undefined: every machine finds them. */
  dataHost: DataHost | "unknown" | undefined;
  /** Of every Docker object of a throw-away stack; else none. */
  labels: Record<string, string>;
  /** The network of the stack's own, made where it is asked for. */
  network: () => pulumi.Output<string>;
  /** Ends the run of a registry that is new; an earlier one may have the same settings. Absent: nothing is wrong. */
  refusedIfNew: Refusal | undefined;
}

/** What runs the registry of a stack: a service of a swarm where the settings have one, else a container. */
export function runRegistry(
  name: string,
  settings: SettingsWithRegistry,
  { labels: objectLabels, dataHost, network, refusedIfNew, ...parts }: Parts,
  providers: Providers,
): RegistryContainer | RegistryService {
  const refuse = (defaults: RegistryDefaults) => {
    if (refusedIfNew && defaults !== 1) throw refusedIfNew;
  };
  const common: Common = {
    ...parts,
    name: settings.name,
    dockerHost: engineOf(settings),
    image: settings.image,
    port: settings.port,
    options: settings.registry,
    proxy: settings.proxy,
    httpSecretGeneration: settings.rotation.httpSecret,
  };
  if (settings.service)
    return makeService(name, settings, { ...common, service: settings.service }, { dataHost, refuse }, providers);
  const container = settings.container ?? containerSettings.parse({});
  const labels = { ...container.labels, ...objectLabels, ...ownLabels() };
  const address = publishedAddress(settings);
  const place = runsAs(container, network);
  const args: RegistryContainerArgs = {
    ...common,
    address,
    dataHost,
    container: { ...container, labels },
    runsAs(defaults) {
      refuse(defaults);
      return place(defaults);
    },
    volumeLabels: objectLabels,
  };
  return new RegistryContainer(name, args, all(providers));
}

function makeService(
  name: string,
  settings: SettingsWithRegistry,
  { service, ...common }: Common & { service: ServiceSettings },
  { dataHost, refuse }: Pick<Parts, "dataHost"> & { refuse: (defaults: RegistryDefaults) => void },
  providers: Providers,
): RegistryService {
  const { docker, swarm, registry } = settings;
  const { storage } = common;
  // Without constraints the service is pinned to the node that was asked first, also when DOCKER_HOST leads elsewhere.
  const isPinned = docker.url === undefined && service.placement.constraints.length === 0;
  const onDataHost = dataHostOf(dataHost, isPinned);
  const membership = new SwarmMembership(
    `${name}-swarm`,
    { dockerHost: engineOf(settings), ...swarm, ...onDataHost.args },
    { provider: providers.kit, ...onDataHost.opts },
  );
  const isOnOneNode = !("objects" in storage || ("volume" in storage && isSharedVolume(storage.volume)));
  const node = isOnOneNode && service.placement.constraints.length === 0 ? membership.nodeId : undefined;
  const labels = ownLabels();
  const run = (defaults: RegistryDefaults) => {
    refuse(defaults);
    return serviceOptions(service, { registry, storage, defaults }, labels);
  };
  const inSwarm = { ...all(providers), dependsOn: membership };
  if (!service.redisCache) return new RegistryService(name, { ...common, node, service: run }, inSwarm);
  const networkKey = Promise.withResolvers<NetworkKey>();
  const cache = new RedisCache(
    `${name}-cache`,
    {
      name: `${common.name}-cache`,
      dockerHost: engineOf(settings),
      ...service.redisCache,
      labels,
      networkKey: networkKey.promise,
    },
    inSwarm,
  );
  const options = { ...common.options, cache: "redis" as const, redis: { addresses: cache.addresses } };
  const withCache = (defaults: RegistryDefaults) => {
    networkKey.resolve(networkKeyOf(defaults));
    const { networks, ...rest } = run(defaults);
    return { ...rest, networks: [...networks, cache.network] };
  };
  return new RegistryService(name, { ...common, options, node, service: withCache }, inSwarm);
}
