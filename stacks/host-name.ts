import { isIP } from "node:net";
import { z } from "zod";

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const dnsName = new RegExp(`^${label}(\\.${label})*$`, "i");

/** A name or an address by which clients reach the registry: no scheme, no port, no path. */
export const hostName = z.string().superRefine((host, context) => {
  const problem = hostProblem(host);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

function hostProblem(host: string): string | undefined {
  const given = JSON.stringify(host);
  if (host.trim() === "") return "is empty; give a DNS name or an IP address.";
  if (isIP(host)) return undefined;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(host)?.[0];
  if (scheme) return `is ${given}; leave out "${scheme}", a host has no scheme.`;
  if (host.includes("/")) return `is ${given}; leave out the path, a host has none.`;
  if (isIP(host.replace(/^\[|\]$/g, ""))) return `is ${given}; write an IPv6 address without brackets.`;
  if (/:\d+$/.test(host)) return `is ${given}; leave out the port, it is the setting "port".`;
  if (host.includes("*")) return `is ${given}; clients need a name they can connect to, not a wildcard.`;
  if (host.length > 253 || !dnsName.test(host)) {
    return `is ${given}; a DNS name has letters, digits, dashes and dots (write other alphabets as xn--...).`;
  }
  if (/^[\d.]+$/.test(host)) return `is ${given}; that is not a valid IPv4 address.`;
  return undefined;
}

/** Whether clients on other machines can't reach this host. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host.startsWith("127.") || host === "::1";
}
