import { registryName } from "../../components/trust/registry-name.ts";
import type { Settings } from "../settings/settings.ts";

/** The registry's part of image names, by the stack's first host unless told otherwise: `registry.example.com:5000`. */
export function imagePrefix(
  { hosts, tls }: Pick<Settings, "hosts" | "tls">,
  port: number,
  host = hosts[0] ?? "localhost",
): string {
  // As people type it in image names: for port 443 the daemon looks for its trust under the name without port.
  return tls === "none" ? `${host.includes(":") ? `[${host}]` : host}:${port}` : registryName(host, port);
}

/** Where clients reach what the stack serves on a port. */
export function registryUrl(settings: Pick<Settings, "hosts" | "tls">, port: number, host?: string): string {
  return `${settings.tls === "none" ? "http" : "https"}://${imagePrefix(settings, port, host)}`;
}
