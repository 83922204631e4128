import { isIP, isIPv6 } from "node:net";
import { isLoopback } from "../machines/is-loopback.ts";

/**
 * The address of the Docker host to publish a port on where nobody names one: loopback only when every host is a loopback name, else
 * all. It is one, and `::` is IPv6 alone: of two, the Docker provider takes the order in which the engine lists them for a change in
 * every run.
 */
export function addressFor(hosts: string[]): string {
  if (hosts.every(isLoopback)) return hosts.find((host) => isIP(host)) ?? "127.0.0.1";
  return hosts.every(isIPv6) ? "::" : "0.0.0.0";
}
