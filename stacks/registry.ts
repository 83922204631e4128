import * as pulumi from "@pulumi/pulumi";
import { type DataHost, dataHostOf } from "../components/docker-host/data-host.ts";
import type { KitProvider } from "../components/kit-provider.ts";
import { RedisCache } from "../components/registry/redis-cache.ts";
import { RegistryContainer } from "../components/registry/registry-container.ts";
import { RegistryService } from "../components/registry/registry-service.ts";
import type { RegistryStorage } from "../components/registry/registry-storage.ts";
import { SwarmMembership } from "../components/swarm/swarm-membership.ts";
import { publishedAddress } from "./published-address.ts";
import { serviceOptions } from "./service-options.ts";
import { containerSettings } from "./settings/container.ts";
import type { ServiceSettings } from "./settings/service.ts";
import { isSharedVolume } from "./settings/volume-driver-problems.ts";
import type { SettingsWithRegistry } from "./settings.ts";
import { stackLabel } from "./stack-label.ts";

/** What the two ways to run a registry have in common. */
type Common = Omit<ConstructorParameters<typeof RegistryService>[1], "service" | "node">;

export interface Parts extends Pick<Common, "tls" | "htpasswd"> {
  storage: RegistryStorage;
  /** The machine that has the images; "unknown": it can't be asked now; undefined: every machine finds them. */
  dataHost: DataHost | "unknown" | undefined;
  /** Of every Docker object of a throw-away stack; else none. */
  labels: Record<string, string>;
}

export interface Providers {
  kit: KitProvider;
  /** For an engine that the docker command would not choose; else none. */
  docker: pulumi.ProviderResource[];
}

/** Makes the registry of a stack: a service of a swarm where the settings have one, else a container. */
export function makeRegistry(
  name: string,
  settings: SettingsWithRegistry,
  { labels: objectLabels, dataHost, ...parts }: Parts,
  providers: Providers,
): RegistryContainer | RegistryService {
  const common: Common = {
    ...parts,
    name: settings.name,
    dockerHost: settings.docker,
    image: settings.image,
    port: settings.port,
    options: settings.registry,
    proxy: settings.proxy,
    httpSecretGeneration: settings.rotation.httpSecret,
  };
  if (settings.service)
    return makeService(name, settings, { ...common, service: settings.service }, dataHost, providers);
  const container = settings.container ?? containerSettings.parse({});
  const labels = { ...container.labels, ...objectLabels, ...ownLabels() };
  const address = publishedAddress(settings);
  const args = { ...common, address, dataHost, container: { ...container, labels }, volumeLabels: objectLabels };
  return new RegistryContainer(name, args, all(providers));
}

function makeService(
  name: string,
  { docker, swarm, registry }: SettingsWithRegistry,
  { service, ...common }: Common & { service: ServiceSettings },
  dataHost: Parts["dataHost"],
  providers: Providers,
): RegistryService {
  const { storage } = common;
  // Without constraints the service is pinned to the node that was asked first, also when DOCKER_HOST leads elsewhere.
  const isPinned = docker.url === undefined && service.placement.constraints.length === 0;
  const onDataHost = dataHostOf(dataHost, isPinned);
  const membership = new SwarmMembership(
    `${name}-swarm`,
    { dockerHost: docker, ...swarm, ...onDataHost.args },
    { provider: providers.kit, ...onDataHost.opts },
  );
  const isOnOneNode = !("objects" in storage || ("volume" in storage && isSharedVolume(storage.volume)));
  const node = isOnOneNode && service.placement.constraints.length === 0 ? membership.nodeId : undefined;
  const labels = ownLabels();
  const run = serviceOptions(service, { registry, storage }, labels);
  const inSwarm = { ...all(providers), dependsOn: membership };
  if (!service.redisCache) return new RegistryService(name, { ...common, node, service: run }, inSwarm);
  const cache = new RedisCache(
    `${name}-cache`,
    { name: `${common.name}-cache`, dockerHost: docker, ...service.redisCache, labels },
    inSwarm,
  );
  const options = { ...common.options, cache: "redis" as const, redis: { addresses: cache.addresses } };
  const networks = [...run.networks, cache.network];
  return new RegistryService(name, { ...common, options, node, service: { ...run, networks } }, inSwarm);
}

function all({ kit, docker }: Providers): { providers: pulumi.ProviderResource[] } {
  return { providers: [kit, ...docker] };
}

function ownLabels(): Record<string, string> {
  return { [stackLabel]: pulumi.getStack() };
}
