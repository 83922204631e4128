import { isIP, isIPv6 } from "node:net";

/** What a client sends as TLS server name: the name, and nothing for an IP address (RFC 6066, section 3). */
export function serverName(host: string): string {
  return isIP(host) ? "" : host;
}

/** The host as URLs and image references write it: IPv6 in brackets. */
export function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
