import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { RegistryOptionsInput } from "../registry/configuration/registry-options.ts";
import type { Image } from "../registry/image.ts";
import type { OutgoingProxy } from "../registry/proxy-variables.ts";
import { RegistryContainer } from "../registry/registry-container.ts";
import type { ContainerOptions, RunsAs } from "../registry/registry-container-args.ts";
import type { RegistryDefaults } from "../registry/registry-defaults.ts";
import type { Upstream } from "../registry/upstream.ts";
import { cacheVolumeName } from "./cache-volume-name.ts";

export interface PullThroughCacheArgs {
  /** Name of the container; its volumes begin with it. A change replaces both, and starts with an empty cache. */
  name: pulumi.Input<string>;
  /** The registry whose images are cached; its URL and ttl are plain. Another `url` is another cache: it starts with an empty volume. */
  upstream: Upstream;
  /** The engine that runs the cache. Default: as the docker command would choose. */
  dockerHost?: DockerHost;
  /** Image of the registry with its version, and the digest where it is known. A change keeps what is cached. @default "registry:3.1.2" */
  image?: Image;
  /** Port on the Docker host. A change replaces the container. @default 5000 */
  port?: pulumi.Input<number>;
  /** Address of the Docker host to publish the port on. A change replaces the container. @default "127.0.0.1" */
  address?: pulumi.Input<string>;
  /** Server certificate with its chain, and its key. A change restarts the cache in place. Absent: plain HTTP. */
  tls?: { chainPem: pulumi.Input<string>; privateKeyPem: pulumi.Input<string> } | undefined;
  /**
   * The volume with what is cached. `keep`: it outlives the cache. Name it only where nobody else has it, and another one
   * for another upstream: what is in it is served whatever the upstream is now.
   * @default a name of the container's and the upstream's, not kept
   */
  volume?: { name?: string | undefined; keep?: boolean | undefined };
  /**
   * The registry's own configuration. Deletion is not among it: a cache that may not delete never forgets. Nor is a cache of
   * blob descriptors: an expired image takes the layers that it shares with others, and a registry that remembers their
   * descriptors answers 200 with nothing in it (registry/proxy/proxyregistry.go, OnBlobExpire).
   */
  options?: Omit<RegistryOptionsInput, "delete" | "cache">;
  /** Through which the upstream is reached. A change replaces the container. Default: none. */
  proxy?: OutgoingProxy | undefined;
  /** How the container runs. @default as of a `RegistryContainer` */
  container?: Partial<ContainerOptions>;
  /** As whom and where it runs, by the defaults of its first run: as of a `RegistryContainer`. */
  runsAs?: (defaults: RegistryDefaults) => RunsAs;
}

/**
 * A pull-through cache: a registry that fetches images from another one when they are first asked for, keeps them, and
 * refuses pushes. What it has it serves without the upstream too, also after a restart. A tag is looked up there at every
 * pull, so that a moved tag is seen at once; layers come from the volume.
 *
 * It takes no users, and that is not an omission: daemons send no credentials to their mirrors (moby#30880), so one that
 * asked for a password would never be used. **Anyone who reaches it may pull whatever its own credentials may pull**: with
 * `upstream.credentials` publish it on an address that only its clients reach.
 *
 * @example
 * ```ts
 * import { PullThroughCache } from "registry-kit";
 *
 * const cache = new PullThroughCache("hub", {
 *   name: "mirror-hub",
 *   upstream: { url: "https://registry-1.docker.io", ttl: "168h" },
 *   port: 5001,
 * });
 * export const volume = cache.volume;
 * ```
 */
export class PullThroughCache extends pulumi.ComponentResource {
  /** Id of the container; a new one after each replacement. */
  readonly containerId: pulumi.Output<string>;
  /** This cache, as soon as all of its resources are on their way. */
  readonly complete: Promise<PullThroughCache>;
  /** Which defaults its first run gave it. */
  readonly defaults: Promise<RegistryDefaults>;
  /** Name of the volume with what is cached. */
  readonly volume: pulumi.Output<string>;
  /** What the cache signs its uploads with. Secret. */
  readonly httpSecret: pulumi.Output<string>;

  constructor(name: string, args: PullThroughCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("registry-kit:index:PullThroughCache", name, {}, opts);
    const { volume = {}, options, ...registry } = args;
    const { name: container, upstream } = args;
    const volumeName = volume.name ?? pulumi.output(container).apply((known) => cacheVolumeName(known, upstream.url));
    const made = new RegistryContainer(
      name,
      {
        ...registry,
        options: { ...options, delete: true, cache: "none" },
        storage: { volume: { name: volumeName, keep: volume.keep ?? false } },
      },
      { parent: this },
    );
    this.complete = made.complete.then(() => this);
    this.defaults = made.defaults;
    this.containerId = made.containerId;
    this.volume = pulumi.output(made.volume ?? volumeName);
    this.httpSecret = made.httpSecret;
    this.registerOutputs({ containerId: this.containerId, volume: this.volume });
  }
}
