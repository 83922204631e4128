import { isIP, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";

/** A name that a certificate is for, in the kind of field that it belongs in: clients look nowhere else. */
export interface SubjectAlternativeName {
  kind: "dns" | "ip";
  /** A DNS name in lower case, or an IP address in its shortest form. */
  value: string;
}

/**
 * A host as clients type it: a DNS name, `*.` and a DNS name of two labels or more, an IPv4 or an IPv6 address. No
 * scheme, port or path. Parsing makes letters small and IPv6 addresses short.
 */
export const hostSchema = z
  .string({ error: "must be a DNS name or an IP address" })
  .superRefine((host, context) => {
    const problem = hostProblem(host);
    if (problem) context.addIssue({ code: "custom", message: problem });
  })
  .transform((host) => canonicalHost(host));

/** Hosts, at least one, each once. */
export const hostsSchema = z
  .array(hostSchema, { error: "must be a list of DNS names and IP addresses" })
  .min(1, { error: "must name at least one host: a DNS name or an IP address, as clients will type it" })
  .transform((hosts) => [...new Set(hosts)]);

/** @param host one that `hostSchema` accepts */
export function subjectAlternativeName(host: string): SubjectAlternativeName {
  return { kind: isIP(host) ? "ip" : "dns", value: canonicalHost(host) };
}

/** Why this is no host; undefined: it is one. */
export function hostProblem(host: string): string | undefined {
  const given = JSON.stringify(host);
  if (host === "") return "is empty: give a DNS name or an IP address";
  if (host !== host.trim()) return `${given} has spaces at its ends`;
  if (host.includes("://")) return `${given} has a scheme: give the host alone${hint(host)}`;
  if (/[/?#@\\]/.test(host)) return `${given} has a path or a user: give the host alone${hint(host)}`;
  if (/^\[.*\]$/.test(host)) return `${given} has brackets: write an IPv6 address without them`;
  if (/^(\[.*\]|[^:]*):\d*$/.test(host) && !isIPv6(host))
    return `${given} has a port: give the host alone${hint(host)}`;
  if (isIPv6(host)) return host.includes("%") ? `${given} has a zone: certificates carry none` : undefined;
  if (host.includes(":")) return `${given} is not an IPv6 address`;
  return isIP(host) ? undefined : dnsProblem(host);
}

function dnsProblem(host: string): string | undefined {
  const given = JSON.stringify(host);
  const wildcard = host.startsWith("*.");
  const name = wildcard ? host.slice(2) : host;
  if (name.includes("*")) return `${given}: a "*" stands alone, as the first label: *.example.com`;
  if (/[^\0-\x7f]/.test(name)) return nonAsciiProblem(host);
  if (name.endsWith(".")) return `${given} ends with a dot: leave it out`;
  if (host.length > 253) return `${given} is longer than 253 characters`;
  const labels = name.split(".");
  // RFC 1123, and the underscore, which names of containers have.
  const bad = labels.find((label) => !/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
  if (bad !== undefined) {
    return `${given}: the label ${JSON.stringify(bad)} must be 1 to 63 letters, digits, "-" or "_", without "-" at its ends`;
  }
  // What ends in a number is read as an IPv4 address (WHATWG URL).
  if (/^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? "")) return `${given} is not an IPv4 address`;
  if (wildcard && labels.length < 2)
    return `${given}: a wildcard needs two labels after it (OpenSSL matches no wider one)`;
  return undefined;
}

function nonAsciiProblem(host: string): string {
  const ascii = domainToASCII(host);
  return `${JSON.stringify(host)} has letters beyond ASCII: ${ascii ? `write "${ascii}"` : "certificates carry none"}`;
}

/** `: registry.example.com` where what was given is a URL or a host and port of a proper host. */
function hint(given: string): string {
  const url = given.includes("://") ? given : `https://${given}`;
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : "";
  return host === "" || hostProblem(host) ? "" : `: "${host}"`;
}

function canonicalHost(host: string): string {
  // The URL parser writes IPv6 addresses in their one short form (RFC 5952), as hexadecimal groups only.
  return isIPv6(host) ? new URL(`https://[${host}]`).hostname.slice(1, -1) : host.toLowerCase();
}
