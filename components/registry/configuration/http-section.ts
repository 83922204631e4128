import { defaultDebugPort } from "../health-url.ts";
import type { ConfigurationSpec } from "./configuration-spec.ts";
import type { RegistryOptions } from "./registry-options.ts";
import type { YamlMap } from "./render-yaml.ts";

/** The `http` section: where the registry listens, and what it says of itself. */
export function httpSection({ options, port, tls, httpSecret }: ConfigurationSpec): YamlMap {
  return {
    addr: `:${port}`,
    debug: debugSection(
      options.debug ?? (tls?.clientAuthorities ? { port: defaultDebugPort, prometheus: false } : undefined),
    ),
    draintimeout: options.drainTimeout,
    headers: headerLists({ ...defaultHeaders(options.headers), ...options.headers }),
    host: options.externalUrl,
    relativeurls: options.relativeUrls,
    secret: httpSecret,
    tls: tls && {
      certificate: tls.certificate,
      clientcas: tls.clientAuthorities ? [tls.clientAuthorities] : undefined,
      key: tls.key,
      minimumtls: `tls${options.minimumTls}`,
    },
  };
}

/** Header fields as the registry wants them: a list of values each. */
export function headerLists(headers: RegistryOptions["headers"]): YamlMap {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [values].flat()]));
}

/** Keeps browsers from guessing the type of what a user pushed. */
function defaultHeaders(given: RegistryOptions["headers"]): RegistryOptions["headers"] {
  const taken = Object.keys(given).some((name) => name.toLowerCase() === "x-content-type-options");
  return taken ? {} : { "X-Content-Type-Options": "nosniff" };
}

/** Profiles and variables, the configuration's secrets among them: never on anything but loopback. */
function debugSection(debug: RegistryOptions["debug"]): YamlMap | undefined {
  if (!debug) return undefined;
  return { addr: `127.0.0.1:${debug.port}`, prometheus: { enabled: debug.prometheus, path: "/metrics" } };
}
