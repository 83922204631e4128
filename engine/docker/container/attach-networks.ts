import type Docker from "dockerode";
import { attempt, daemonMessage } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { numberOf, objectsOf, pairsOf, textOf, textsOf } from "../../../lib/protocol/values.ts";
import { filled, given } from "../common/given.ts";

/** Puts a new container on its `networksAdvanced`, and takes it off the default bridge. */
export async function attachNetworks(docker: Docker, id: string, inputs: PropertyMap): Promise<void> {
  const networks = objectsOf(inputs.networksAdvanced);
  if (networks.length === 0) return;
  try {
    await docker.getNetwork("bridge").disconnect({ Container: id });
  } catch (error) {
    if (!/is not connected to/.test(daemonMessage(error))) throw error;
  }
  for (const network of networks) {
    const name = textOf(network.name) ?? "";
    await attempt(`connect the container to the network "${name}"`, () =>
      docker.getNetwork(name).connect({ Container: id, EndpointConfig: endpointOf(network) }),
    );
  }
}

function endpointOf(network: PropertyMap): Docker.EndpointSettings {
  return given({
    Aliases: textsOf(network.aliases),
    MacAddress: textOf(network.macAddress),
    DriverOpts: filled(pairsOf(network.driverOpts)),
    GwPriority: numberOf(network.gwPriority),
    IPAMConfig: given({
      IPv4Address: textOf(network.ipv4Address) || undefined,
      IPv6Address: textOf(network.ipv6Address) || undefined,
      LinkLocalIPs: network.linkLocalIps ? textsOf(network.linkLocalIps) : undefined,
    }),
  }) as Docker.EndpointSettings;
}
