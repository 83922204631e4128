import type { DockerNode } from "./docker-node.ts";
import type { NetworkOptions, NodeNetwork } from "./node-network.ts";
import { nodeNetwork } from "./node-network.ts";
import { registryImage } from "./start-registry.ts";

export type SwarmRole = "manager" | "worker";

/** A swarm of real daemons, gone with all they hold at the end of the block. */
export interface DockerSwarm<Roles extends readonly SwarmRole[]> extends AsyncDisposable {
  network: NodeNetwork;
  /** One for each role that was asked for; the first is the leader. */
  nodes: { -readonly [Index in keyof Roles]: DockerNode };
  /** Starts one more node, with the same images, and has it join. */
  join(role: SwarmRole): Promise<DockerNode>;
}

export interface SwarmOptions extends NetworkOptions {
  /** Which images every node has. @default the registry's */
  images?: string[];
}

/** Starts a swarm: `startSwarm(["manager", "worker"])`. */
export async function startSwarm<const Roles extends readonly ["manager", ...SwarmRole[]]>(
  roles: Roles,
  { images = [registryImage], ...options }: SwarmOptions = {},
): Promise<DockerSwarm<Roles>> {
  const network = await nodeNetwork(options);
  const start = async () => {
    const node = await network.startNode();
    await Promise.all(images.map((image) => node.load(image)));
    return node;
  };
  const enlist = async (leader: DockerNode, node: DockerNode, role: SwarmRole) => {
    const token = await leader.docker("swarm", "join-token", "--quiet", role);
    await node.docker("swarm", "join", "--token", token, "--advertise-addr", node.address, `${leader.address}:2377`);
  };
  try {
    const nodes = await Promise.all(roles.map(start));
    const [leader, ...others] = nodes as [DockerNode, ...DockerNode[]];
    await leader.docker("swarm", "init", "--advertise-addr", leader.address);
    await Promise.all(others.map((node, index) => enlist(leader, node, roles[index + 1] ?? "worker")));
    return {
      network,
      nodes: nodes as DockerSwarm<Roles>["nodes"],
      async join(role) {
        const node = await start();
        await enlist(leader, node, role);
        return node;
      },
      [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
    };
  } catch (error) {
    await network[Symbol.asyncDispose]();
    throw error;
  }
}
