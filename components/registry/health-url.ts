import { registryPort } from "../files/layout.ts";
import type { RegistryOptions } from "./configuration/registry-options.ts";
import type { ServerFiles } from "./server-files.ts";

/**
 * What the health check of a container asks. With client certificates that is the debug server, on loopback inside the container: the
 * image's wget shows no certificate. Both answer 503 while the storage fails.
 */
export function healthUrl(tls: ServerFiles | undefined, { debug }: Pick<RegistryOptions, "debug">): string {
  if (tls?.clientAuthoritiesPem) return `http://127.0.0.1:${debug?.port ?? defaultDebugPort}/debug/health`;
  return `${tls ? "https" : "http"}://127.0.0.1:${registryPort}/`;
}

/** Of the debug server where the settings ask for none. */
export const defaultDebugPort = 5001;
