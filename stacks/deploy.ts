import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { KitProvider } from "../components/kit-provider.ts";
import { registryName } from "../components/nodes/registry-name.ts";
import { RegistryContainer } from "../components/registry/registry-container.ts";
import { Htpasswd } from "../components/users/htpasswd.ts";
import type { Certificates } from "./certificates.ts";
import { makeCertificates } from "./certificates.ts";
import { stackLabel } from "./check-host.ts";
import { ephemeralLabels } from "./ephemeral-labels.ts";
import { publishedAddress } from "./published-address.ts";
import type { Settings } from "./settings.ts";
import { makeStorage } from "./storage.ts";
import { makeTrust } from "./trust.ts";

/** What `pulumi stack output` shows. */
export interface StackOutputs {
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
  /** The volume with the images; undefined with a bind mount. */
  volume?: pulumi.Output<string>;
  /** Whether that volume outlives the stack, as the state has it: a teardown goes by this, not by the settings file. */
  volumeKept?: boolean;
  containerId: pulumi.Output<string>;
  /** False where the settings make the registry read-only or a cache. */
  acceptsPushes: boolean;
  /** What to type on a client. */
  dockerLogin: string;
  /** Of a throw-away stack: what a clone without its settings file needs to go on with it. */
  ephemeral?: { from: string; created: string; name: string };
  /** What must never be seen from outside, beside the passwords; `verify` looks for it. Secret. */
  guarded: pulumi.Output<string[]>;
}

/** What the names of all resources begin with. They don't follow the settings: a resource that is renamed is another one. */
const root = "registry";

/** Makes the registry of a stack: settings in, resources and outputs out. */
export function deploy(settings: Settings, provider: KitProvider): StackOutputs {
  const { port, users } = settings;
  const address = publishedAddress(settings);
  const certificates = makeCertificates(settings, { provider });
  const labels = ephemeralLabels(settings, pulumi.getStack());
  const htpasswd = users === "none" ? undefined : new Htpasswd(`${root}-users`, { users }, { provider });
  const registry = new RegistryContainer(
    root,
    {
      name: settings.name,
      dockerHost: settings.docker,
      image: settings.image,
      port,
      address,
      tls: certificates?.server,
      htpasswd: htpasswd?.htpasswd,
      storage: makeStorage(settings),
      options: settings.registry,
      httpSecretGeneration: settings.rotation.httpSecret,
      container: {
        ...settings.container,
        labels: { ...settings.container.labels, ...labels, [stackLabel]: pulumi.getStack() },
      },
      volumeLabels: labels,
    },
    { providers: [provider, ...dockerProvider(settings)] },
  );
  if (certificates) makeTrust(settings, certificates, { provider, dependsOn: registry });
  return outputs(settings, address, { certificates, htpasswd, registry });
}

interface Parts {
  certificates: Certificates | undefined;
  htpasswd: Htpasswd | undefined;
  registry: RegistryContainer;
}

function outputs(
  { name, hosts, port, tls, storage, registry: options, ephemeral }: Settings,
  address: string,
  { certificates, htpasswd, registry }: Parts,
): StackOutputs {
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
    address,
    ...(certificates
      ? { caCertificate: certificates.authorityCertificatePem, certificateExpires: certificates.server.notAfter }
      : {}),
    userNames: htpasswd?.userNames ?? [],
    passwords,
    ...(registry.volume ? { volume: registry.volume } : {}),
    ...("volume" in storage ? { volumeKept: storage.volume.keep } : {}),
    containerId: registry.containerId,
    acceptsPushes: !options.readOnly && options.proxy === undefined,
    dockerLogin: `docker login ${authority}`,
    ...(ephemeral ? { ephemeral: { ...ephemeral, name } } : {}),
    guarded: pulumi.secret(pulumi.all(secrets)),
  };
}

/** An explicit provider only where the engine is not the one that the docker command would choose. */
function dockerProvider({ docker: { url, certPath } }: Settings): pulumi.ProviderResource[] {
  if (!url && !certPath) return [];
  const place = { ...(url ? { host: url } : {}), ...(certPath ? { certPath } : {}) };
  return [new docker.Provider(`${root}-engine`, place)];
}
