import { isIPv6 } from "node:net";
import { isLoopback } from "../../components/machines/is-loopback.ts";
import { hasRegistry, type Settings } from "../settings/settings.ts";

/** What works with some clients only: a line each. Loopback addresses are the kit's own business. */
export function hostWarnings(settings: Settings): string[] {
  if (!hasRegistry(settings)) return [];
  return settings.hosts.flatMap((host, i) => {
    if (!isIPv6(host) || isLoopback(host)) return [];
    const text = `hosts[${i}] is ${host}: Docker 20 to 28 cannot name a registry by an IPv6 address ([${host}]:${settings.port}/image is no name to them).`;
    return [`${text} Add a DNS name for this address to hosts, and give that to clients.`];
  });
}
