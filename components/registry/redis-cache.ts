import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { NetworkKey } from "../swarm/joined-networks.ts";
import { overlayNetwork } from "../swarm/overlay-network.ts";
import { rolledOutService } from "../swarm/rolled-out-service.ts";

export interface RedisCacheArgs {
  /** Name of the service and of its network; the registry's name for the host. A change replaces both. */
  name: string;
  /** A manager of the swarm. Default: as the docker command would choose. */
  dockerHost?: DockerHost;
  /** Image with `redis-server` and `redis-cli`, with its version. A change is an update, with an empty cache after it. */
  image: string;
  /** How much it keeps, in MiB; what was used least recently goes first. */
  memory: number;
  /** Whether traffic between nodes is encrypted. A change needs another name. */
  encrypted: boolean;
  labels: Record<string, string>;
  /** By what the service names its network: see {@link NetworkKey}. */
  networkKey: pulumi.Input<NetworkKey>;
}

const port = 6379;
const MiB = 1024 * 1024;

/**
 * A Redis server for the blob descriptors of several replicas of a registry: what one of them has looked up or deleted, all know.
 * It keeps nothing on disk, and is on a network of its own that no container may join, only services: it has no password. (Not an
 * internal network: a task that is on none but internal ones has no published ports of mode host.)
 * While it is away the registry asks the storage itself.
 *
 * @example
 * ```ts
 * import { RedisCache } from "registry-kit";
 *
 * const cache = new RedisCache("cache", {
 *   name: "registry-cache",
 *   image: "redis:8.2.1",
 *   memory: 64,
 *   encrypted: false,
 *   labels: {},
 *   networkKey: "id",
 * });
 * export const network = cache.network;
 * ```
 */
export class RedisCache extends pulumi.ComponentResource {
  /** For `redis.addresses` of the registry's options. */
  readonly addresses: string[];
  /** Id of the network that the registry has to join. */
  readonly network: pulumi.Output<string>;

  constructor(name: string, args: RedisCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("registry-kit:index:RedisCache", name, {}, opts);
    const child = { parent: this, ...(opts?.dependsOn ? { dependsOn: opts.dependsOn } : {}) };
    const { name: service, encrypted } = args;
    const network = overlayNetwork(`${name}-network`, { name: service, attachable: false, encrypted }, child);
    const rollout = { dockerHost: args.dockerHost, timeout: "3m" };
    rolledOutService(name, redisService(args, network.id), rollout, child);
    this.addresses = [`${service}:${port}`];
    this.network = network.id;
    this.registerOutputs({ addresses: this.addresses, network: this.network });
  }
}

function redisService(
  { name, image, memory, labels, networkKey }: RedisCacheArgs,
  network: pulumi.Input<string>,
): docker.ServiceArgs {
  const rollout = { parallelism: 1, delay: "0s", monitor: "5s", maxFailureRatio: "0", order: "stop-first" };
  return {
    name,
    labels: Object.entries(labels)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([label, value]) => ({ label, value })),
    mode: { replicated: { replicas: 1 } },
    // By the task's own address: a virtual one needs IPVS.
    endpointSpec: { mode: "dnsrr" },
    taskSpec: {
      containerSpec: {
        image,
        // A registry's cache must evict by allkeys-lru (docs of distribution, "configuration": redis). Snapshots go nowhere.
        args: [
          "redis-server",
          ...["--maxmemory", `${memory}mb`],
          ...["--maxmemory-policy", "allkeys-lru"],
          ...["--appendonly", "no"],
          ...["--dir", "/tmp"],
          ...["--stop-writes-on-bgsave-error", "no"],
          ...["--protected-mode", "no"],
        ],
        user: "65534:65534",
        readOnly: true,
        capDrops: ["ALL"],
        mounts: [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { sizeBytes: memory * MiB } }],
        healthcheck: {
          tests: ["CMD", "redis-cli", "ping"],
          interval: "5s",
          timeout: "5s",
          retries: 3,
          startPeriod: "10s",
        },
        stopGracePeriod: "10s",
      },
      // Redis forks for a snapshot, and keeps more than what it counts.
      resources: { limits: { memoryBytes: (2 * memory + 32) * MiB } },
      restartPolicy: { condition: "any", delay: "5s", maxAttempts: 0, window: "0s" },
      logDriver: { name: "json-file", options: { "max-file": "3", "max-size": "10m" } },
      networksAdvanceds: pulumi
        .all([networkKey, network])
        .apply(([key, id]): docker.types.input.ServiceTaskSpecNetworksAdvanced[] => [{ [key]: id }]),
    },
    updateConfig: { ...rollout, failureAction: "rollback" },
    rollbackConfig: { ...rollout, failureAction: "pause" },
  };
}
