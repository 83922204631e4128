import { isIPv4, isIPv6 } from "node:net";
import { posix } from "node:path";
import { registryName } from "./registry-name.ts";

/** Where dockerd looks for certificate authorities; rootless: `~/.config/docker/certs.d`. */
export const defaultCertsDirectory = "/etc/docker/certs.d";

/**
 * The file from which a daemon takes the certificate authority of one registry.
 *
 * dockerd joins its certs.d with the registry's part of the image name, as it was typed (`hostCertsDir` in
 * moby's registry/registry.go, the same from 20.10 to 29): so the letters' case counts, an IPv6 address has its
 * brackets, and there is no port where image names carry none, which is what 443 means. Docker 20.10 refuses
 * image names with an IPv6 address; newer ones take them.
 */
export function caFile(certsDirectory: string, host: string, port: number): string {
  return posix.join(certsDirectory, registryName(host, port), "ca.crt");
}

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const hostName = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`, "i");

/** Whether this is a DNS name or an IP address (IPv6 without brackets or zone) that image names can carry. */
export function isRegistryHost(host: string): boolean {
  return isIPv4(host) || (isIPv6(host) && !host.includes("%")) || hostName.test(host);
}
