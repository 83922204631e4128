import { isIP, isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { isRegistryHost } from "../certs-directory.ts";

/** What dockerd takes in `insecure-registries`: a host with or without port, or a network in CIDR notation. */
export const insecureEntry = z
  .string()
  .refine(isInsecureEntry, 'must be "host:port", "host" or a network like "10.0.0.0/8", without a scheme');

function isInsecureEntry(text: string): boolean {
  return text.includes("/") ? isNetwork(text) : isHost(text);
}

function isHost(text: string): boolean {
  const [, name = "", port] = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d+))?$/.exec(text) ?? [];
  const host = name.startsWith("[") ? name.slice(1, -1) : name;
  const bracketed = name.startsWith("[") === isIPv6(host);
  return isRegistryHost(host) && bracketed && (port === undefined || (Number(port) >= 1 && Number(port) <= 65535));
}

/** The network's own address: dockerd would show another one than was written. */
function isNetwork(text: string): boolean {
  const [address = "", length = "", ...more] = text.split("/");
  const bits = isIPv4(address) ? 32 : 128;
  if (!isIP(address) || more.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > bits) return false;
  if (bits === 128) return true;
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return value % 2 ** (32 - Number(length)) === 0;
}
