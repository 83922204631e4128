import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { isRegistryHost } from "../trust/certs-directory.ts";

/** What dockerd takes in `insecure-registries`: a host with or without port, or a network in CIDR notation. */
export const insecureEntry = z
  .string()
  .refine(isInsecureEntry, 'must be "host:port", "host" or a network like "10.0.0.0/8", without a scheme')
  .refine(
    (entry) => !/^(index\.)?docker\.io$/.test(entry),
    "is Docker Hub, which dockerd uses with TLS whatever is said. Leave it out.",
  );

/**
 * An entry as dockerd shows it: of a network Go's own spelling, with the bits of hosts cleared, an IPv4 network in IPv6 notation as IPv4;
 * hosts stay as they were written. Source: `loadInsecureRegistries` in moby's registry/config.go, `net.ParseCIDR`.
 */
export function canonicalEntry(entry: string): string {
  return networkOf(entry) ?? entry;
}

function isInsecureEntry(text: string): boolean {
  return text.includes("/") ? networkOf(text) !== undefined : isHost(text);
}

function isHost(text: string): boolean {
  const [, name = "", port] = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d+))?$/.exec(text) ?? [];
  const host = name.startsWith("[") ? name.slice(1, -1) : name;
  const bracketed = name.startsWith("[") === isIPv6(host);
  return isRegistryHost(host) && bracketed && (port === undefined || (Number(port) >= 1 && Number(port) <= 65535));
}

/** The network in Go's spelling; undefined: Go does not read it as one. */
function networkOf(text: string): string | undefined {
  const [, address = "", digits = ""] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  const length = Number(digits);
  if (isIPv4(address)) return length <= 32 ? network4(bitsOf4(address), length) : undefined;
  if (!isIPv6(address) || length > 128) return undefined;
  const bits = bitsOf6(address);
  // Go takes an address of IPv4 for what it is, however it is written.
  if (bits >> 32n === 0xffffn && length >= 96) return network4(bits & 0xffffffffn, length - 96);
  return `${text6(masked(bits, 128, length))}/${length}`;
}

function network4(bits: bigint, length: number): string {
  const network = masked(bits, 32, length);
  return `${[24n, 16n, 8n, 0n].map((shift) => (network >> shift) & 0xffn).join(".")}/${length}`;
}

function masked(bits: bigint, size: number, length: number): bigint {
  const host = BigInt(size - length);
  return (bits >> host) << host;
}

function bitsOf4(address: string): bigint {
  return address.split(".").reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function bitsOf6(address: string): bigint {
  const [, start = "", last = ""] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  if (last) {
    const bits = bitsOf4(last);
    return bitsOf6(`${start}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`);
  }
  const [head = "", tail] = address.split("::");
  const groups = (part: string | undefined) => (part ? part.split(":") : []);
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** The first of the longest runs of two zeros or more becomes `::`. Source: RFC 5952, as Go's `IP.String`. */
function text6(bits: bigint): string {
  const groups = [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((index) => ((bits >> (index * 16n)) & 0xffffn).toString(16));
  const runs = [...groups.join(":").matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce((best, [run]) => (run.length > best.length ? run : best), "");
  const text = groups.join(":");
  if (!longest) return text;
  const found = runs.find(([run]) => run === longest);
  const at = found?.index ?? 0;
  return `${text.slice(0, at).replace(/:$/, "")}::${text.slice(at + longest.length).replace(/^:/, "")}`;
}
