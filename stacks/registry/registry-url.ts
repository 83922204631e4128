import { registryPlace, registryUrl as urlOf } from "../../components/whole/registry-place.ts";
import type { Settings } from "../settings/settings.ts";

/** The registry's part of image names, by the stack's first host unless told otherwise: `registry.example.com:5000`. */
export function imagePrefix(
  { hosts, tls }: Pick<Settings, "hosts" | "tls">,
  port: number,
  host = hosts[0] ?? "localhost",
): string {
  return registryPlace(host, port, tls !== "none");
}

/** Where clients reach what the stack serves on a port. */
export function registryUrl(
  { hosts, tls }: Pick<Settings, "hosts" | "tls">,
  port: number,
  host = hosts[0] ?? "localhost",
): string {
  return urlOf(host, port, tls !== "none");
}
