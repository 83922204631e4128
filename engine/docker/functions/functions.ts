import type Docker from "dockerode";
import { attempt } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { textOf } from "../../../lib/protocol/values.ts";
import { networkOutputs } from "../network/network.ts";
import { repoDigest } from "../remote-image/remote-image.ts";

/** The functions that programs can call, by token. */
export const functions: Record<string, (docker: Docker, args: PropertyMap) => Promise<PropertyMap>> = {
  "docker:index/getNetwork:getNetwork": getNetwork,
  "docker:index/getRemoteImage:getRemoteImage": getRemoteImage,
};

/** A network that is there already, by name or id. */
async function getNetwork(docker: Docker, args: PropertyMap): Promise<PropertyMap> {
  const name = required(args, "name");
  const found = await attempt(`find the network "${name}"`, () => docker.getNetwork(name).inspect());
  const outputs = networkOutputs(found);
  const containers = Object.entries((found.Containers ?? {}) as Record<string, Docker.NetworkContainer>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([containerId, container]) => ({
      containerId,
      name: container.Name,
      endpointId: container.EndpointID,
      macAddress: container.MacAddress,
      ipv4Address: container.IPv4Address,
      ipv6Address: container.IPv6Address,
    }));
  const shown = ["name", "driver", "internal", "ipamConfigs", "options", "scope"].map((key) => [key, outputs[key]]);
  return { id: found.Id, ...Object.fromEntries(shown), containers };
}

/** An image that the daemon has already. */
async function getRemoteImage(docker: Docker, args: PropertyMap): Promise<PropertyMap> {
  const name = required(args, "name");
  const image = await attempt(`find the image "${name}"`, () => docker.getImage(name).inspect());
  return { id: image.Id, name, repoDigest: repoDigest(name, image) };
}

function required(args: PropertyMap, key: string): string {
  const value = textOf(args[key]);
  if (!value) throw new Error(`The argument "${key}" is missing.`);
  return value;
}
