import * as pulumi from "@pulumi/pulumi";
import type { DataHost } from "../components/docker-host/data-host.ts";
import type { KitProvider } from "../components/kit-provider.ts";
import type { Served } from "../components/whole/trust-on-node.ts";
import { type MadeCaches, makeCaches } from "./caches/make.ts";
import { makeCertificates } from "./certificates/make.ts";
import { all, inDocker, makeProviders } from "./docker-host/make.ts";
import { publishedAddress } from "./docker-host/published-address.ts";
import { secretSettings } from "./loading/secrets-of.ts";
import { refusal } from "./loading/settings-refusal.ts";
import { stackNetwork } from "./networks/stack-network.ts";
import type { StackOutputs } from "./outputs.ts";
import { warnOfEarlierDefaults } from "./registry/earlier-defaults.ts";
import { type MadeRegistry, makeRegistry } from "./registry/make.ts";
import { newRegistryProblems } from "./registry/new-registry-problems.ts";
import { hasRegistry, type Settings } from "./settings/settings.ts";
import { dataHost } from "./storage/find-data-host.ts";
import { ephemeralLabels } from "./throw-away/ephemeral-labels.ts";
import { makeTrust } from "./trust/make.ts";
import { makeSwarmTrust } from "./trust/make-swarm-trust.ts";

/**
 * Makes the registry and the caches of a stack: settings in, resources and outputs out.
 *
 * The names of all resources begin with "registry" or "cache", and don't follow the settings: a resource that is renamed is another one.
 *
 * @param machine the one with the images, where somebody has begun to ask already
 */
export async function deploy(
  settings: Settings,
  kit: KitProvider,
  machine: Promise<DataHost | undefined> = dataHost(settings),
): Promise<StackOutputs> {
  const certificates = makeCertificates(settings, { provider: kit });
  const providers = makeProviders(settings, kit);
  const network = stackNetwork(settings, ephemeralLabels(settings, pulumi.getStack()), inDocker(providers));
  const registry = hasRegistry(settings)
    ? await makeRegistry(settings, {
        certificates,
        providers,
        network,
        machine,
        refusedIfNew: await refusedIfNew(settings),
      })
    : undefined;
  const caches = makeCaches(settings, certificates, network, all(providers));
  const made = [...(registry ? [registry.registry] : []), ...Object.values(caches).map(({ cache }) => cache)];
  await warnOfEarlierDefaults(
    settings,
    made.map(({ defaults }) => defaults),
  );
  const served = servedBy(settings, registry, caches);
  const nodes = makeTrust(settings, served, certificates, kit);
  const trustedNodes = certificates && makeSwarmTrust(settings, served, certificates, kit);
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
    ...(Object.keys(caches).length > 0 ? { caches: outputsOf(caches) } : {}),
  };
}

/** What clients reach: the registry on its port, and each cache on its own. */
function servedBy({ port }: Settings, registry: MadeRegistry | undefined, caches: MadeCaches): Served[] {
  return [
    ...(registry ? [{ name: "registry", port, resource: registry.registry.complete }] : []),
    ...Object.entries(caches).map(([name, { cache, outputs }]) => {
      return { name: `cache-${name}`, port: outputs.port, resource: cache.complete };
    }),
  ];
}

function outputsOf(caches: MadeCaches): Required<StackOutputs>["caches"] {
  return Object.fromEntries(Object.entries(caches).map(([name, { outputs }]) => [name, outputs]));
}

async function refusedIfNew(settings: Settings) {
  const wrong = newRegistryProblems(settings);
  return wrong.length > 0
    ? await refusal(wrong, { project: pulumi.getProject(), stack: pulumi.getStack() })
    : undefined;
}
