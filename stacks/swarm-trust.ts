import type * as pulumi from "@pulumi/pulumi";
import { SwarmTrust } from "../components/nodes/swarm-trust.ts";
import type { Certificates } from "./certificates.ts";
import type { Settings } from "./settings.ts";

/** Makes all daemons of the swarm trust what the stack serves. @returns their names, for the outputs */
export function makeSwarmTrust(
  { name, docker, hosts, image }: Settings,
  ports: number[],
  { authorityCertificatePem }: Certificates,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string[]> {
  const trust = new SwarmTrust(
    "registry-swarm-trust",
    {
      dockerHost: docker,
      name: `${name}-trust`,
      hosts,
      ports,
      certificatePem: authorityCertificatePem,
      image: image.digest ? `${image.name}@${image.digest}` : image.name,
    },
    opts,
  );
  return trust.nodes;
}
