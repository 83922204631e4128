import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { registryLabel } from "../files/layout.ts";

/**
 * The network of a registry's containers (CIS Docker Benchmark 5.30), made when the first of them asks for it. No other container is
 * on it.
 * @param container name of the registry's container; the network's name begins with it
 */
export function ownNetwork(
  name: string,
  { container, labels }: { container: pulumi.Input<string>; labels: Record<string, string> },
  opts: pulumi.CustomResourceOptions,
): () => pulumi.Output<string> {
  let network: docker.Network | undefined;
  return () => {
    network ??= new docker.Network(
      name,
      {
        name: pulumi.interpolate`${container}-network`,
        driver: "bridge",
        labels: Object.entries({ ...labels, [registryLabel]: container })
          .toSorted(([a], [b]) => a.localeCompare(b))
          .map(([label, value]) => ({ label, value })),
      },
      opts,
    );
    return network.name;
  };
}
