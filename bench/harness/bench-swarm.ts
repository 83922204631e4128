import type { DockerSwarm, SwarmRole } from "../../test/support/docker-swarm.ts";
import { startSwarm } from "../../test/support/docker-swarm.ts";
import type { NetworkClient } from "../../test/support/network-client.ts";
import { networkClient } from "../../test/support/network-client.ts";
import { dockerNodeObstacle } from "../../test/support/node-network.ts";
import { s3ServerObstacle, startS3Server } from "../../test/support/s3-server.ts";
import type { Bench } from "./bench.ts";

/** Where every measure's registry listens; the nodes have the port to themselves. */
export const port = 5000;

/** A swarm of several Docker daemons on this machine, and somebody at their switch. */
export interface BenchSwarm<Roles extends readonly SwarmRole[]> extends DockerSwarm<Roles> {
  client: NetworkClient;
}

/** Starts a swarm; undefined where this machine can't have one: what needs it is left out, and the progress says why. */
export async function benchSwarm<const Roles extends readonly ["manager", ...SwarmRole[]]>(
  bench: Bench,
  roles: Roles,
): Promise<BenchSwarm<Roles> | undefined> {
  const obstacle = await dockerNodeObstacle(bench.image);
  if (obstacle) return leftOut(bench, obstacle);
  const swarm = await startSwarm(roles, { images: [bench.image] });
  bench.leftovers.add("swarm", async () => swarm[Symbol.asyncDispose]());
  const client = await networkClient(swarm.network);
  bench.leftovers.add("client", async () => client[Symbol.asyncDispose]());
  return { ...swarm, client };
}

/** The same, with a bucket that its nodes reach: the settings of a storage for several replicas. */
export async function benchSwarmWithBucket<const Roles extends readonly ["manager", ...SwarmRole[]]>(
  bench: Bench,
  roles: Roles,
): Promise<(BenchSwarm<Roles> & { storage: Record<string, unknown> }) | undefined> {
  const obstacle = await s3ServerObstacle();
  if (obstacle) return leftOut(bench, obstacle);
  const swarm = await benchSwarm(bench, roles);
  if (!swarm) return undefined;
  const bucket = "images";
  const { address, pid: networkOf } = swarm.network;
  const s3 = await startS3Server({ address, networkOf, buckets: [bucket] });
  bench.leftovers.add("S3 server", async () => s3[Symbol.asyncDispose]());
  const { endpoint: regionEndpoint, region, accessKey, secretKey } = s3;
  return { ...swarm, storage: { s3: { bucket, region, regionEndpoint, accessKey, secretKey } } };
}

/** Settings of a stack whose registry is a service of the swarm. */
export function serviceSettings(
  { nodes }: { nodes: readonly { socket: string; address: string }[] },
  more: { storage?: Record<string, unknown>; service?: Record<string, unknown> } = {},
): Record<string, unknown> {
  return {
    docker: { url: `unix://${nodes[0]?.socket}` },
    hosts: nodes.map(({ address }) => address),
    port,
    trust: "none",
    container: undefined,
    storage: more.storage ?? { volume: { name: "registry-data" } },
    service: { publish: "host", ...more.service },
  };
}

function leftOut(bench: Bench, obstacle: string): undefined {
  bench.progress(`  left out: ${obstacle}`);
}
