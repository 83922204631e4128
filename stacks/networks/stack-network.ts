import type * as pulumi from "@pulumi/pulumi";
import { ownNetwork } from "../../components/whole/own-network.ts";
import { ownLabels } from "../throw-away/own-labels.ts";

/**
 * The network of a stack's containers, made when the first of them asks for it.
 * @param labels of every Docker object of a throw-away stack
 */
export function stackNetwork(
  { name }: { name: string },
  labels: Record<string, string>,
  opts: pulumi.CustomResourceOptions,
): () => pulumi.Output<string> {
  return ownNetwork("registry-network", { container: name, labels: { ...labels, ...ownLabels() } }, opts);
}
