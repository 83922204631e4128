import type { RegistryOptions } from "./registry-options.ts";
import type { StorageConfiguration } from "./storage-configuration.ts";

/** All that a registry's `config.yml` says. Paths are paths inside the container. */
export interface ConfigurationSpec {
  options: RegistryOptions;
  storage: StorageConfiguration;
  /** Port that the registry listens on inside its container, on every address there. */
  port: number;
  /** PEM files of the server certificate (with its chain) and its key. Without: plain HTTP. */
  tls?: { certificate: string; key: string };
  /** File of users. Without: everybody may do everything. The registry rereads this file, and this file only. */
  htpasswd?: { path: string };
  /** Signs the state of uploads; the same for all replicas, kept when other things change. A secret. */
  httpSecret: string;
}
