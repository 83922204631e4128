import { isIP, isIPv6 } from "node:net";
import { isLoopback } from "./host-name.ts";
import type { Settings } from "./settings.ts";

/**
 * Addresses of the Docker host that the port is published on, in a fixed order: the one that was asked for, else
 * loopback only when every host is a loopback name, else all. An engine publishes `::` for IPv6 alone, so a host that
 * is an IPv6 address asks for an address of its own.
 */
export function publishedAddresses({ address, hosts }: Pick<Settings, "address" | "hosts">): string[] {
  if (address) return [address];
  const local = hosts.every(isLoopback);
  const wanted = hosts.map((host) => {
    if (local) return isIP(host) ? host : "127.0.0.1";
    return isIPv6(host) ? "::" : "0.0.0.0";
  });
  return [...new Set(wanted)].toSorted();
}
