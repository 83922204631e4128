import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { KitProvider } from "../components/kit-provider.ts";
import { registryName } from "../components/nodes/registry-name.ts";
import { storePlace } from "../components/registry/describe-store.ts";
import type { RegistryContainer } from "../components/registry/registry-container.ts";
import type { RegistryService } from "../components/registry/registry-service.ts";
import type { ObjectStorage, RegistryStorage } from "../components/registry/registry-storage.ts";
import { storeSecrets } from "../components/registry/store-secrets.ts";
import { Htpasswd } from "../components/users/htpasswd.ts";
import type { Certificates } from "./certificates.ts";
import { makeCertificates } from "./certificates.ts";
import { ephemeralLabels } from "./ephemeral-labels.ts";
import { publishedAddress } from "./published-address.ts";
import { makeRegistry } from "./registry.ts";
import type { Settings } from "./settings.ts";
import type { StorageOutputs } from "./storage.ts";
import { makeStorage } from "./storage.ts";
import type { TrustedNode } from "./trust.ts";
import { makeTrust } from "./trust.ts";

/** What `pulumi stack output` shows. */
export interface StackOutputs extends StorageOutputs {
  /** Where clients reach the registry: scheme, first host, port. */
  url: string;
  hosts: string[];
  port: number;
  /** Address of the Docker host that the port is published on. */
  address: string;
  /** PEM of the authority that daemons must trust; undefined without TLS. */
  caCertificate?: pulumi.Output<string>;
  /** When the server certificate ends, ISO 8601; undefined without TLS. */
  certificateExpires?: pulumi.Output<string>;
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
  /** False where the settings make the registry read-only or a cache. */
  acceptsPushes: boolean;
  /** What to type on a client. */
  dockerLogin: string;
  /** Of a throw-away stack: what a clone without its settings file needs to go on with it. */
  ephemeral?: { from: string; created: string; name: string };
  /** The nodes that trust it, as the last run left or found them. */
  nodes: TrustedNode[];
  /** What must never be seen from outside, beside the passwords; `verify` looks for it. Secret. */
  guarded: pulumi.Output<string[]>;
}

/** What the names of all resources begin with. They don't follow the settings: a resource that is renamed is another one. */
const root = "registry";

/** Makes the registry of a stack: settings in, resources and outputs out. */
export async function deploy(settings: Settings, provider: KitProvider): Promise<StackOutputs> {
  const { users } = settings;
  const { storage, outputs: storageOutputs } = await makeStorage(settings, { providers: [provider] });
  const certificates = makeCertificates(settings, { provider });
  const labels = ephemeralLabels(settings, pulumi.getStack());
  const htpasswd = users === "none" ? undefined : new Htpasswd(`${root}-users`, { users }, { provider });
  const parts = { tls: certificates?.server, htpasswd: htpasswd?.htpasswd, storage, labels };
  const registry = makeRegistry(root, settings, parts, { kit: provider, docker: dockerProvider(settings) });
  const nodes = makeTrust(settings, certificates, { provider, dependsOn: registry });
  return { ...outputs(settings, { certificates, htpasswd, registry, storage }), ...storageOutputs, nodes };
}

interface Parts {
  certificates: Certificates | undefined;
  htpasswd: Htpasswd | undefined;
  registry: RegistryContainer | RegistryService;
  storage: RegistryStorage;
}

function outputs(
  settings: Settings,
  { certificates, htpasswd, registry, storage }: Parts,
): Omit<StackOutputs, "nodes"> {
  const { name, hosts, port, tls, registry: options, ephemeral } = settings;
  const [first = "localhost"] = hosts;
  // As people type it in image names: for port 443 the daemon looks for its trust under the name without port.
  const plain = `${first.includes(":") ? `[${first}]` : first}:${port}`;
  const authority = certificates ? registryName(first, port) : plain;
  const passwords = htpasswd?.passwords ?? pulumi.secret<Record<string, string>>({});
  const secrets = [registry.httpSecret, certificates?.server.privateKeyPem, htpasswd?.htpasswd].filter(
    (secret) => secret !== undefined,
  );
  return {
    url: `${tls === "none" ? "http" : "https"}://${authority}`,
    hosts,
    port,
    address: publishedAddress(settings),
    ...(certificates
      ? { caCertificate: certificates.authorityCertificatePem, certificateExpires: certificates.server.notAfter }
      : {}),
    userNames: htpasswd?.userNames ?? [],
    passwords,
    ...(registry.volume ? { volume: registry.volume } : {}),
    ...("volume" in storage ? { volumeKept: storage.volume.keep } : {}),
    ...("objects" in storage ? { store: storePlace(storage.objects) } : {}),
    ...("containerId" in registry ? { containerId: registry.containerId } : serviceOutputs(settings, registry)),
    acceptsPushes: !options.readOnly && options.proxy === undefined,
    dockerLogin: `docker login ${authority}`,
    ...(ephemeral ? { ephemeral: { ...ephemeral, name } } : {}),
    guarded: pulumi.secret(pulumi.all([pulumi.all(secrets), secretsOf(storage)]).apply((lists) => lists.flat())),
  };
}

function serviceOutputs({ service }: Settings, registry: RegistryService): Partial<StackOutputs> {
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

/** An explicit provider only where the engine is not the one that the docker command would choose. */
function dockerProvider({ docker: { url, certPath } }: Settings): pulumi.ProviderResource[] {
  if (!url && !certPath) return [];
  const place = { ...(url ? { host: url } : {}), ...(certPath ? { certPath } : {}) };
  return [new docker.Provider(`${root}-engine`, place)];
}
