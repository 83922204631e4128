import { tasksOf } from "../../engine/docker/service/tasks.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { isLocalSocket } from "../../lib/docker/docker-host.ts";
import type { ProofService } from "./proof-target.ts";

/** A node of the swarm on which the registry's port is published. */
export interface PublishedNode {
  hostname: string;
  /** Where it can be tried from here; undefined: its manager knows no address that means the same here. */
  address: string | undefined;
  /** Whether it is the machine that runs the proof. */
  isHere: boolean;
  /** How many tasks run on it. */
  tasks: number;
}

interface Node {
  ID: string;
  Description?: { Hostname?: string };
  Status?: { State?: string; Addr?: string };
}

/** The nodes that are ready and publish the port: with `ingress` all, with `host` those that run a task. */
export async function publishedNodes({ id, publish, docker: host }: ProofService): Promise<PublishedNode[]> {
  const docker = dockerClient(host);
  const isLocal = isLocalSocket(host);
  const [nodes, tasks, info] = await Promise.all([docker.listNodes(), tasksOf(docker, id), docker.info()]);
  const own = (info as { Swarm?: { NodeID?: string } }).Swarm?.NodeID;
  return (nodes as Node[]).flatMap(({ ID, Description, Status }) => {
    const running = tasks.filter((task) => task.NodeID === ID && task.Status.State === "running").length;
    if (Status?.State !== "ready" || (publish === "host" && running === 0)) return [];
    const isHere = isLocal && ID === own;
    const address = isHere ? "127.0.0.1" : addressElsewhere(Status.Addr);
    return [{ hostname: Description?.Hostname ?? ID, address, isHere, tasks: running }];
  });
}

function addressElsewhere(address: string | undefined): string | undefined {
  return address === undefined || /^(127\.|0\.0\.0\.0$|::1?$)/.test(address) ? undefined : address;
}
