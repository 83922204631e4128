import { registryName } from "../trust/registry-name.ts";

/** The registry's part of image names: `registry.example.com:5000`. */
export function registryPlace(host: string, port: number, isSecure: boolean): string {
  // As people type it in image names: for port 443 the daemon looks for its trust under the name without port.
  return isSecure ? registryName(host, port) : `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Where clients reach it. */
export function registryUrl(host: string, port: number, isSecure: boolean): string {
  return `${isSecure ? "https" : "http"}://${registryPlace(host, port, isSecure)}`;
}
