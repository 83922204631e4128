import type { RegistryOptions } from "./registry-options.ts";
import type { StorageConfiguration } from "./storage-configuration.ts";

/** The registry whose images a pull-through cache passes on and keeps. */
export interface UpstreamSpec {
  /** Scheme, host and port. */
  url: string;
  /** How long an image is kept, a duration; `0s`: forever. */
  ttl: string;
  /**
   * A program that prints the credentials as a Docker credential helper does. Named always, for images that everybody may
   * pull too: without it the registry asks the upstream at its start, and ends when there is no answer (`configureAuth` in
   * distribution's registry/proxy).
   */
  credentialHelper: string;
}

/** All that a registry's `config.yml` says. Paths are paths inside the container. */
export interface ConfigurationSpec {
  options: RegistryOptions;
  storage: StorageConfiguration;
  /** Port that the registry listens on inside its container, on every address there. */
  port: number;
  /** PEM files of the server certificate (with its chain) and its key. Without: plain HTTP. */
  tls?: {
    certificate: string;
    key: string;
    /** PEM file of the authorities one of which every client's certificate must be of. Without: none is asked for. */
    clientAuthorities?: string;
  };
  /** File of users. Without: everybody may do everything. The registry rereads this file, and this file only. */
  htpasswd?: { path: string };
  /** Makes the registry a pull-through cache, which refuses pushes. Without: an ordinary registry. */
  upstream?: UpstreamSpec;
  /** Signs the state of uploads; the same for all replicas, kept when other things change. A secret. */
  httpSecret: string;
}
