import type * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { RegistryOptionsInput } from "./configuration/registry-options.ts";
import type { Image } from "./image.ts";
import type { OutgoingProxy } from "./proxy-variables.ts";
import type { RegistryDefaults } from "./registry-defaults.ts";
import type { RegistryStorage } from "./registry-storage.ts";
import type { ServerFiles } from "./server-files.ts";
import type { ServiceOptions } from "./service-options.ts";

export interface RegistryServiceArgs {
  /** Name of the service; its secrets and configs begin with it. A change replaces all of them. */
  name: pulumi.Input<string>;
  /** A manager of the swarm. Default: as the docker command would choose. */
  dockerHost?: DockerHost;
  /** Image with its version, and the digest where it is known; nodes pull it, or use the one that they have. A change is a rolling update. */
  image?: Image;
  /**
   * Published port. A change is a rolling update.
   * @default 5000
   */
  port?: pulumi.Input<number>;
  /** Server certificate with its chain, and its key. A change is a rolling update. Absent: plain HTTP. */
  tls?: ServerFiles | undefined;
  /** Users and their bcrypt hashes. A change is a rolling update. Absent: anyone may push and pull. */
  htpasswd?: pulumi.Input<string> | undefined;
  /** Where images live. A volume is made on each node that gets a task, and never removed. Several replicas need `objects`. */
  storage: RegistryStorage;
  /** Id of the one node that may run the registry, for a volume that other nodes don't share. Default: the constraints decide. */
  node?: pulumi.Input<string> | undefined;
  /** The registry's own configuration. A change is a rolling update. */
  options?: RegistryOptionsInput;
  /** Through which other servers are reached: stores and web hooks. A change is a rolling update. Default: none. */
  proxy?: OutgoingProxy | undefined;
  /** Raise it to make a new http.secret. Default: 1. */
  httpSecretGeneration?: number;
  /** How the service runs; where its first run decides that, its resources are made a moment later: see {@link RegistryService.complete}. */
  service: ServiceOptions | ((defaults: RegistryDefaults) => ServiceOptions);
}
