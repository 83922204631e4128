import type * as pulumi from "@pulumi/pulumi";
import { SwarmTrust } from "../../components/trust/swarm-trust.ts";
import type { Certificates } from "../../components/whole/certificates.ts";
import type { Served } from "../../components/whole/trust-on-node.ts";
import { engineOf } from "../docker-host/engine-of.ts";
import type { Settings } from "../settings/settings.ts";

/** Makes all daemons of the swarm trust what the stack serves, where that is asked for. @returns their names, for the outputs */
export function makeSwarmTrust(
  settings: Settings,
  served: Served[],
  { authorityCertificatePem }: Certificates,
  provider: pulumi.ProviderResource,
): pulumi.Output<string[]> | undefined {
  const { name, hosts, image, trust } = settings;
  if (trust !== "swarm") return undefined;
  const { nodes } = new SwarmTrust(
    "registry-swarm-trust",
    {
      dockerHost: engineOf(settings),
      name: `${name}-trust`,
      hosts,
      ports: served.map(({ port }) => port),
      certificatePem: authorityCertificatePem,
      image: image.digest ? `${image.name}@${image.digest}` : image.name,
    },
    { provider, dependsOn: served.map(({ resource }) => resource) },
  );
  return nodes;
}
