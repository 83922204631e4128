import type Docker from "dockerode";
import { type DockerHost, dockerHostText } from "../../lib/docker/docker-host.ts";

/** What an engine is in a swarm. */
export interface SwarmState {
  role: "none" | "worker" | "manager";
  /** Empty where the engine does not know: only a manager does. */
  swarmId: string;
  /** Empty outside of swarms. */
  nodeId: string;
  /** The engine's own words where it is on its way into a swarm, locked, or broken. */
  trouble?: string;
  /** Too few managers are online to choose one that leads: nothing can be deployed, what runs goes on. */
  leaderless?: boolean;
}

interface SwarmInfo {
  NodeID?: string;
  LocalNodeState?: string;
  ControlAvailable?: boolean;
  Error?: string;
  Cluster?: { ID?: string } | null;
}

export async function readSwarmState(docker: Docker): Promise<SwarmState> {
  const { Swarm: swarm = {} } = (await docker.info()) as { Swarm?: SwarmInfo };
  const state = swarm.LocalNodeState ?? "inactive";
  const role = state === "inactive" ? "none" : swarm.ControlAvailable ? "manager" : "worker";
  const trouble = ["inactive", "active"].includes(state) ? undefined : `${state} ${swarm.Error ?? ""}`.trim();
  // The second is what a manager says until it notices.
  const isLeaderless = role === "manager" && /does not have a leader|deadline exceeded/i.test(swarm.Error ?? "");
  const leaderless = isLeaderless ? { leaderless: true } : {};
  const ids = { swarmId: swarm.Cluster?.ID ?? "", nodeId: swarm.NodeID ?? "" };
  return { role, ...ids, ...(trouble ? { trouble } : {}), ...leaderless };
}

/** Why no service can be deployed through this engine, with what to type; undefined: one can. */
export function swarmObstacle(
  { role, trouble, leaderless }: SwarmState,
  { initialize, host }: { initialize: boolean; host: DockerHost },
): string | undefined {
  const engine = dockerHostText(host);
  const docker = `docker ${host.url ? `--host ${host.url} ` : ""}swarm`;
  if (leaderless) {
    return (
      `is ${engine}, a manager of a swarm without a leader: more than half of its managers must be online. Start the others. ` +
      `If they are gone for good, type: ${docker} init --force-new-cluster`
    );
  }
  if (trouble) return `is ${engine}, whose swarm is ${trouble}. Look at: docker info; unlock it with: ${docker} unlock`;
  if (role === "worker") return `is ${engine}, a worker of a swarm. Name one of its managers.`;
  if (role === "manager" || initialize) return undefined;
  return (
    `is ${engine}, which is in no swarm. Type: ${docker} init --advertise-addr ADDRESS (the address by which other nodes reach it), ` +
    "or set swarm.initialize to true for a swarm of this one node."
  );
}
