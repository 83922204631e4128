import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { KitProvider } from "../components/kit-provider.ts";
import { RegistryContainer } from "../components/registry/registry-container.ts";
import { Htpasswd } from "../components/users/htpasswd.ts";
import { type CacheOutputs, makeCaches } from "./caches.ts";
import type { Certificates } from "./certificates.ts";
import { makeCertificates } from "./certificates.ts";
import { stackLabel } from "./check-host.ts";
import { publishedAddress } from "./published-address.ts";
import { imagePrefix, registryUrl } from "./registry-url.ts";
import type { Settings, SettingsWithRegistry } from "./settings.ts";
import { hasRegistry } from "./settings.ts";
import { makeStorage } from "./storage.ts";
import { makeSwarmTrust } from "./swarm-trust.ts";
import { makeTrust } from "./trust.ts";

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
  /** With trust: swarm: the nodes whose daemons trust the registry, as the last up or refresh saw them. */
  trustedNodes?: pulumi.Output<string[]>;
  /** Name -> pull-through cache. */
  caches?: Record<string, CacheOutputs>;
}

interface RegistryOutputs {
  /** Where clients reach the registry: scheme, first host, port. */
  url: string;
  port: number;
  userNames: pulumi.Output<string[]> | string[];
  /** Name -> password, secret; users that were given as a hash are missing. */
  passwords: pulumi.Output<Record<string, string>>;
  /** The volume with the images; undefined with a bind mount. */
  volume?: pulumi.Output<string>;
  /** Whether that volume outlives the stack, as the state has it: a teardown goes by this, not by the settings file. */
  volumeKept?: boolean;
  containerId: pulumi.Output<string>;
  /** False where the settings make the registry read-only. */
  acceptsPushes: boolean;
  /** What to type on a client. */
  dockerLogin: string;
}

/** What the names of all resources begin with. They don't follow the settings: a resource that is renamed is another one. */
const root = "registry";

/** Makes the registry and the caches of a stack: settings in, resources and outputs out. */
export function deploy(settings: Settings, provider: KitProvider): StackOutputs {
  const certificates = makeCertificates(settings, { provider });
  const providers = [provider, ...dockerProvider(settings)];
  const registry = hasRegistry(settings) ? makeRegistry(settings, certificates, providers) : undefined;
  const caches = Object.entries(makeCaches(settings, certificates, { providers }));
  if (certificates && registry) makeTrust(settings, certificates, { provider, dependsOn: registry.container });
  if (certificates) {
    for (const [name, { cache, outputs }] of caches) {
      const served = { ...settings, port: outputs.port };
      makeTrust(served, certificates, { provider, dependsOn: cache }, `cache-${name}-trust`);
    }
  }
  const ports = [...(registry ? [settings.port] : []), ...caches.map(([, { outputs }]) => outputs.port)];
  const trustedNodes =
    certificates && settings.trust === "swarm"
      ? makeSwarmTrust(settings, ports, certificates, { provider })
      : undefined;
  const upstreamPasswords = Object.values(settings.caches).map(({ password }) => password);
  const secrets = [...(registry?.secrets ?? []), certificates?.server.privateKeyPem, ...upstreamPasswords];
  return {
    ...registry?.outputs,
    hosts: settings.hosts,
    address: publishedAddress(settings),
    ...(certificates
      ? { caCertificate: certificates.authorityCertificatePem, certificateExpires: certificates.server.notAfter }
      : {}),
    guarded: pulumi.secret(pulumi.all(secrets.filter((secret) => secret !== undefined))),
    ...(trustedNodes ? { trustedNodes } : {}),
    ...(caches.length > 0 ? { caches: Object.fromEntries(caches.map(([name, { outputs }]) => [name, outputs])) } : {}),
  };
}

interface MadeRegistry {
  container: RegistryContainer;
  outputs: RegistryOutputs;
  secrets: pulumi.Output<string>[];
}

function makeRegistry(
  settings: SettingsWithRegistry,
  certificates: Certificates | undefined,
  providers: pulumi.ProviderResource[],
): MadeRegistry {
  const { port, users, registry: options, storage } = settings;
  const [provider] = providers;
  const htpasswd =
    users === "none" ? undefined : new Htpasswd(`${root}-users`, { users }, { ...(provider ? { provider } : {}) });
  const container = new RegistryContainer(
    root,
    {
      name: settings.name,
      dockerHost: settings.docker,
      image: settings.image,
      port,
      address: publishedAddress(settings),
      tls: certificates?.server,
      htpasswd: htpasswd?.htpasswd,
      storage: makeStorage(settings),
      options,
      httpSecretGeneration: settings.rotation.httpSecret,
      container: { ...settings.container, labels: { ...settings.container.labels, [stackLabel]: pulumi.getStack() } },
    },
    { providers },
  );
  return {
    container,
    outputs: {
      url: registryUrl(settings, port),
      port,
      userNames: htpasswd?.userNames ?? [],
      passwords: htpasswd?.passwords ?? pulumi.secret<Record<string, string>>({}),
      ...(container.volume ? { volume: container.volume } : {}),
      ...("volume" in storage ? { volumeKept: storage.volume.keep } : {}),
      containerId: container.containerId,
      acceptsPushes: !options.readOnly,
      dockerLogin: `docker login ${imagePrefix(settings, port)}`,
    },
    secrets: [container.httpSecret, ...(htpasswd ? [htpasswd.htpasswd] : [])],
  };
}

/** An explicit provider only where the engine is not the one that the docker command would choose. */
function dockerProvider({ docker: { url, certPath } }: Settings): pulumi.ProviderResource[] {
  if (!url && !certPath) return [];
  const place = { ...(url ? { host: url } : {}), ...(certPath ? { certPath } : {}) };
  return [new docker.Provider(`${root}-engine`, place)];
}
