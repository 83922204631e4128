import type * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { DataHost } from "../docker-host/data-host.ts";
import type { RegistryOptionsInput } from "./configuration/registry-options.ts";
import type { Image } from "./image.ts";
import type { OutgoingProxy } from "./proxy-variables.ts";
import type { RegistryDefaults } from "./registry-defaults.ts";
import type { RegistryStorage } from "./registry-storage.ts";
import type { ServerFiles } from "./server-files.ts";
import type { Upstream } from "./upstream.ts";

export interface RegistryContainerArgs {
  /** Name of the container; the volume of its files begins with it. A change replaces both, and keeps the images. */
  name: pulumi.Input<string>;
  /** The engine that runs the registry. Default: as the docker command would choose. A change moves the registry. */
  dockerHost?: DockerHost;
  /**
   * Image with its version, and the digest where it is known. A change replaces the container, not the images in it.
   * @default "registry:3.1.2"
   */
  image?: Image;
  /**
   * Port on the Docker host. A change replaces the container.
   * @default 5000
   */
  port?: pulumi.Input<number>;
  /**
   * Address of the Docker host to publish the port on. A change replaces the container.
   * @default "127.0.0.1": clients on the Docker host alone reach it
   */
  address?: pulumi.Input<string>;
  /** Server certificate with its chain, and its key. A change restarts the registry in place. Absent: plain HTTP. */
  tls?: ServerFiles | undefined;
  /** Users and their bcrypt hashes. A change is picked up without a restart. Absent: anyone may push and pull. */
  htpasswd?: pulumi.Input<string> | undefined;
  /**
   * Where images live. Which kind of place it is must be plain: that decides which resources there are.
   * @default the volume `<name of this resource>-data`, kept on teardown
   */
  storage?: RegistryStorage;
  /**
   * The machine that has the images: another one is refused unless it is confirmed. "unknown": it can't be asked now. Default: any will do.
   */
  dataHost?: DataHost | "unknown" | undefined;
  /**
   * The registry's own configuration; plain. A change restarts the registry in place.
   * @default {}: secure values for all of them
   */
  options?: RegistryOptionsInput;
  /** The registry to be a pull-through cache of; it then refuses pushes. Absent: an ordinary registry. */
  upstream?: Upstream | undefined;
  /** Through which other servers are reached: stores, upstreams, web hooks. A change replaces the container. Default: none. */
  proxy?: OutgoingProxy | undefined;
  /** Raise it to make a new http.secret. Default: 1. */
  httpSecretGeneration?: number;
  /**
   * How the container runs; plain.
   * @default restarted unless stopped, 1024 MiB, 512 processes, three log files of 10 MB
   */
  container?: Partial<ContainerOptions>;
  /**
   * As whom and where it runs, by the defaults of its first run. Its resources are then made a moment later: to depend on them,
   * depend on {@link RegistryContainer.complete}. Default: `container.user`, on Docker's default bridge.
   */
  runsAs?: (defaults: RegistryDefaults) => RunsAs;
  /** Labels of the volumes. A change replaces them: give none, or always the same. Default: none. */
  volumeLabels?: Record<string, string>;
}

/** As whom and where a registry runs. A change replaces its container. */
export interface RunsAs {
  /** Numeric `uid:gid`. */
  user: string;
  /** A volume that holds something keeps its owner, and the registry runs as that one. Default: the user must be able to write it. */
  keepsOwner?: boolean;
  /** Names of the networks that it joins, and only those. Empty: Docker's default bridge. */
  networks: pulumi.Input<string>[];
}

export interface ContainerOptions {
  /** Restart policy: `no`, `on-failure`, `always` or `unless-stopped`. Changes in place. */
  restart: string;
  /** Limit in MiB. Changes in place. */
  memory: number;
  /** The most processes and threads. Changes in place. */
  processes: number;
  /** How many processors it may use, for example 1.5. Absent: all. A change replaces the container. */
  cpus?: number | undefined;
  /** The most open files, and so connections. Absent: what the engine gives. A change replaces the container. */
  nofile?: number | undefined;
  /** Numeric `uid:gid`. Default: root. */
  user?: string | undefined;
  /** Size at which a log file is rotated, with `k`, `m` or `g`, and how many are kept. A change replaces the container. */
  logs: { maxSize: string; maxFiles: number };
  /** More labels. A change replaces the container. */
  labels: Record<string, string>;
}
