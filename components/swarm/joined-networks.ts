import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/**
 * By what a service names its networks. Pulumi's Docker plugin 5.2 reads them back as `id`, and replaces the service where the state
 * has a `name`, or the other way round: so a service keeps what it was made with.
 */
export type NetworkKey = "id" | "name";

/**
 * The networks of a service as its arguments name them.
 *
 * @param made networks that the stack makes, by their id
 * @param given names or ids of others, which are there already
 */
export function joinedNetworks(
  key: NetworkKey,
  made: pulumi.Input<string>[],
  given: pulumi.Input<string>[],
  opts: pulumi.InvokeOutputOptions,
): docker.types.input.ServiceTaskSpecNetworksAdvanced[] {
  if (key === "name") return [...made, ...given].map((name) => ({ name }));
  return [...made, ...given.map((name) => docker.getNetworkOutput({ name }, opts).id)].map((id) => ({ id }));
}
