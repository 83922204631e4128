import { isIPv6 } from "node:net";

/**
 * A registry with TLS in image names: `registry.example.com:5000`, `[::1]:5000`; `registry.example.com` for port 443. A
 * name of one label keeps its port: without, Docker takes it for a folder of Docker Hub (all but `localhost`).
 */
export function registryName(host: string, port: number): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === 443 && (/[.:]/.test(host) || host === "localhost") ? name : `${name}:${port}`;
}
