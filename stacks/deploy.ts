import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DataHost } from "../components/docker-host/data-host.ts";
import type { KitProvider } from "../components/kit-provider.ts";
import { storePlace } from "../components/registry/describe-store.ts";
import type { RegistryContainer } from "../components/registry/registry-container.ts";
import type { RegistryService } from "../components/registry/registry-service.ts";
import type { ObjectStorage, RegistryStorage } from "../components/registry/registry-storage.ts";
import type { ServerFiles } from "../components/registry/server-files.ts";
import { storeSecrets } from "../components/registry/store-secrets.ts";
import { Htpasswd } from "../components/users/htpasswd.ts";
import { type CacheOutputs, makeCaches } from "./caches.ts";
import type { Certificates } from "./certificates.ts";
import { makeCertificates } from "./certificates.ts";
import { dataHost, isOnOneMachine } from "./data-host.ts";
import { warnOfEarlierDefaults } from "./earlier-defaults.ts";
import { ephemeralLabels } from "./ephemeral-labels.ts";
import { newRegistryProblems } from "./new-registry-problems.ts";
import { publishedAddress } from "./published-address.ts";
import { refusal } from "./refusal.ts";
import { makeRegistry, type Providers } from "./registry.ts";
import { imagePrefix, registryUrl } from "./registry-url.ts";
import { secretSettings } from "./secret-settings.ts";
import { hasRegistry, type Settings, type SettingsWithRegistry } from "./settings.ts";
import { stackNetwork } from "./stack-network.ts";
import type { StorageOutputs } from "./storage.ts";
import { makeStorage } from "./storage.ts";
import { makeSwarmTrust } from "./swarm-trust.ts";
import { makeTrust, type Served, type TrustedNode } from "./trust.ts";

/** What `pulumi stack output` shows: of the registry nothing where the settings have none. */
export interface StackOutputs extends Partial<RegistryOutputs> {
  hosts: string[];
  /** Address of the Docker host that the ports are published on. */
  address: string;
  /** PEM of the authority that daemons must trust; undefined without TLS. */
  caCertificate?: pulumi.Output<string>;
  /** When the server certificate ends, ISO 8601; undefined without TLS. */
  certificateExpires?: pulumi.Output<string>;
  /** What must never be seen from outside, beside the passwords; `verify` looks for it. Secret. */
  guarded: pulumi.Output<string[]>;
  /** The nodes that trust it, as the last run left or found them. */
  nodes: TrustedNode[];
  /** With trust: swarm: the nodes whose daemons trust the registry, as the last up or refresh saw them. */
  trustedNodes?: pulumi.Output<string[]>;
  /** Name -> pull-through cache. */
  caches?: Record<string, CacheOutputs>;
}

interface RegistryOutputs extends StorageOutputs {
  /** Where clients reach the registry: scheme, first host, port. */
  url: string;
  port: number;
  userNames: pulumi.Output<string[]> | string[];
  /** Name -> password, secret; users that were given as a hash are missing. */
  passwords: pulumi.Output<Record<string, string>>;
  /** The volume with the images; undefined with a bind mount and with object storage. */
  volume?: pulumi.Output<string>;
  /** Whether that volume outlives the stack, as the state has it: a teardown goes by this, not by the settings file. */
  volumeKept?: boolean;
  /** The bucket or container with the images, in words; undefined where they are on the Docker host. */
  store?: pulumi.Output<string>;
  /** Undefined where the registry is a service. */
  containerId?: pulumi.Output<string>;
  /** Undefined where the registry is a container. */
  service?: {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    publish: "ingress" | "host";
    replicas: number | "global";
  };
  /** What `verify` shows a registry that asks for client certificates; secret. */
  proofClient?: pulumi.Output<{ certificate: string; privateKey: string }>;
  /** Where the registry's cache of descriptions is; undefined: in its memory. */
  redis?: string[];
  /** False where the settings make the registry read-only. */
  acceptsPushes: boolean;
  /** What to type on a client. */
  dockerLogin: string;
  /** Of a throw-away stack: what a clone without its settings file needs to go on with it. */
  ephemeral?: { from: string; created: string; name: string };
}

/** What the names of all resources begin with. They don't follow the settings: a resource that is renamed is another one. */
const root = "registry";

/**
 * Makes the registry and the caches of a stack: settings in, resources and outputs out.
 * @param machine the one with the images, where somebody has begun to ask already
 */
export async function deploy(
  settings: Settings,
  provider: KitProvider,
  machine: Promise<DataHost | undefined> = dataHost(settings),
): Promise<StackOutputs> {
  const certificates = makeCertificates(settings, { provider });
  const providers = { kit: provider, docker: dockerProvider(settings) };
  const all = { providers: [provider, ...providers.docker] };
  const network = stackNetwork(settings, ephemeralLabels(settings, pulumi.getStack()), inDocker(providers));
  const registry = hasRegistry(settings)
    ? await deployRegistry(settings, certificates, providers, network, machine)
    : undefined;
  const caches = makeCaches(settings, certificates, network, all);
  const served: Served[] = [
    ...(registry ? [{ name: root, port: settings.port, resource: registry.registry.complete }] : []),
    ...Object.entries(caches).map(([name, { cache, outputs }]) => {
      return { name: `cache-${name}`, port: outputs.port, resource: cache.complete };
    }),
  ];
  const made = [...(registry ? [registry.registry] : []), ...Object.values(caches).map(({ cache }) => cache)];
  await warnOfEarlierDefaults(
    settings,
    made.map(({ defaults }) => defaults),
  );
  const nodes = makeTrust(settings, served, certificates, provider);
  const trustedNodes = certificates && makeSwarmTrust(settings, served, certificates, provider);
  const secrets = pulumi.all([
    registry?.secrets ?? pulumi.output([]),
    pulumi.all(certificates?.privateKeysPem ?? []),
    pulumi.all(Object.values(caches).map(({ cache }) => cache.httpSecret)),
    pulumi.output(secretSettings(settings)),
  ]);
  return {
    ...registry?.outputs,
    hosts: settings.hosts,
    address: publishedAddress(settings),
    ...(certificates
      ? { caCertificate: certificates.authorityCertificatePem, certificateExpires: certificates.server.notAfter }
      : {}),
    guarded: pulumi.secret(secrets.apply((lists) => [...new Set(lists.flat())])),
    nodes,
    ...(trustedNodes ? { trustedNodes } : {}),
    ...(Object.keys(caches).length > 0 ? { caches: mapValues(caches, ({ outputs }) => outputs) } : {}),
  };
}

/** Client certificates are for the registry alone: daemons send none to their mirrors. */
function serverFiles({ tls }: Settings, certificates: Certificates | undefined): ServerFiles | undefined {
  if (!certificates) return undefined;
  const { chainPem, privateKeyPem } = certificates.server;
  const clients = tls === "none" ? undefined : tls.clients;
  return { chainPem, privateKeyPem, ...(clients ? { clientAuthoritiesPem: clients.authorities } : {}) };
}

function redisPlace({ name, registry, service }: SettingsWithRegistry): Pick<RegistryOutputs, "redis"> {
  if (service?.redisCache) return { redis: [`${name}-cache`] };
  return registry.redis ? { redis: registry.redis.addresses } : {};
}

/** The certificate that the proof shows, where the registry asks for one. */
function proofClient({ tls }: Settings): Pick<RegistryOutputs, "proofClient"> {
  if (tls === "none" || !tls.clients) return {};
  const { certificate, privateKey } = tls.clients;
  return { proofClient: pulumi.secret({ certificate, privateKey }) };
}

interface DeployedRegistry {
  registry: RegistryContainer | RegistryService;
  outputs: RegistryOutputs;
  secrets: pulumi.Output<string[]>;
}

async function deployRegistry(
  settings: SettingsWithRegistry,
  certificates: Certificates | undefined,
  providers: Providers,
  network: () => pulumi.Output<string>,
  found: Promise<DataHost | undefined>,
): Promise<DeployedRegistry> {
  const { name, port, users, registry: options, ephemeral } = settings;
  const machine = isOnOneMachine(settings) ? found.then((host) => host ?? ("unknown" as const)) : undefined;
  const { storage, outputs: storageOutputs } = await makeStorage(settings, { providers: [providers.kit] });
  const htpasswd = users === "none" ? undefined : new Htpasswd(`${root}-users`, { users }, { provider: providers.kit });
  const labels = ephemeralLabels(settings, pulumi.getStack());
  const served = { tls: serverFiles(settings, certificates), htpasswd: htpasswd?.htpasswd, storage };
  const wrong = newRegistryProblems(settings);
  const place = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const refusedIfNew = wrong.length > 0 ? await refusal(wrong, place) : undefined;
  const parts = { ...served, dataHost: await machine, labels, network, refusedIfNew };
  const registry = makeRegistry(root, settings, parts, providers);
  const secrets = [registry.httpSecret, ...(htpasswd ? [htpasswd.htpasswd] : [])];
  return {
    registry,
    outputs: {
      url: registryUrl(settings, port),
      port,
      userNames: htpasswd?.userNames ?? [],
      passwords: htpasswd?.passwords ?? pulumi.secret<Record<string, string>>({}),
      ...(registry.volume ? { volume: registry.volume } : {}),
      ...("volume" in storage ? { volumeKept: storage.volume.keep } : {}),
      ...("objects" in storage ? { store: storePlace(storage.objects) } : {}),
      ...("containerId" in registry ? { containerId: registry.containerId } : serviceOutputs(settings, registry)),
      acceptsPushes: !options.readOnly,
      ...proofClient(settings),
      ...redisPlace(settings),
      dockerLogin: `docker login ${imagePrefix(settings, port)}`,
      ...(ephemeral ? { ephemeral: { ...ephemeral, name } } : {}),
      ...storageOutputs,
    },
    secrets: pulumi.all([pulumi.all(secrets), secretsOf(storage)]).apply((lists) => lists.flat()),
  };
}

function mapValues<Value, Result>(
  map: Record<string, Value>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function serviceOutputs({ service }: Settings, registry: RegistryService): Pick<RegistryOutputs, "service"> {
  return {
    service: {
      id: registry.serviceId,
      name: registry.serviceName,
      publish: service?.publish ?? "ingress",
      replicas: service?.replicas ?? 1,
    },
  };
}

function secretsOf(storage: RegistryStorage): pulumi.Output<string[]> {
  if (!("objects" in storage)) return pulumi.output([]);
  return pulumi.output(storage.objects).apply((store) => storeSecrets(store as ObjectStorage));
}

/** As a resource takes it that is no component. */
function inDocker({ docker: [provider] }: Providers): pulumi.CustomResourceOptions {
  return provider ? { provider } : {};
}

/** An explicit provider only where the engine is not the one that the docker command would choose. */
function dockerProvider({ docker: { url, certPath } }: Settings): pulumi.ProviderResource[] {
  if (!url && !certPath) return [];
  const place = { ...(url ? { host: url } : {}), ...(certPath ? { certPath } : {}) };
  return [new docker.Provider(`${root}-engine`, place)];
}
