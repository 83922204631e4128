import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { registryLabel } from "../../components/files/layout.ts";
import { ownLabels } from "../throw-away/own-labels.ts";
import { stackNetworkName } from "./stack-network-name.ts";

/**
 * The network of a stack's containers (CIS Docker Benchmark 5.30), made when the first of them asks for it. No container outside
 * of the stack is on it.
 * @param labels of every Docker object of a throw-away stack
 */
export function stackNetwork(
  settings: { name: string },
  labels: Record<string, string>,
  opts: pulumi.CustomResourceOptions,
): () => pulumi.Output<string> {
  let network: docker.Network | undefined;
  return () => {
    network ??= new docker.Network(
      "registry-network",
      {
        name: stackNetworkName(settings),
        driver: "bridge",
        labels: Object.entries({ ...labels, [registryLabel]: settings.name, ...ownLabels() })
          .toSorted(([a], [b]) => a.localeCompare(b))
          .map(([label, value]) => ({ label, value })),
      },
      opts,
    );
    return network.name;
  };
}
