import { isIP, isIPv6 } from "node:net";
import { isLoopback } from "../../components/machines/is-loopback.ts";
import { addressFor } from "../../components/whole/address-for.ts";
import type { Settings } from "../settings/settings.ts";

type Places = Pick<Settings, "address" | "hosts" | "service">;

/** The address of the Docker host that the port is published on: the one that was asked for, else as {@link addressFor} says. */
export function publishedAddress({ address, hosts, service }: Places): string {
  // A swarm publishes on every address of a node.
  if (service) return "0.0.0.0";
  if (address) return address;
  return addressFor(hosts);
}

/** The hosts that can't be reached at the published address. Names that resolve elsewhere are not looked up. */
export function unreachableHosts(places: Places): string[] {
  const address = publishedAddress(places);
  return places.hosts.filter((host) => {
    if (isIP(host) && isIPv6(host) !== isIPv6(address)) return true;
    if (address === "0.0.0.0" || address === "::") return false;
    if (isLoopback(host)) return isIP(host) ? host !== address : !["127.0.0.1", "::1"].includes(address);
    return isLoopback(address);
  });
}
