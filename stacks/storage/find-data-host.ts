import type { DataHost } from "../../components/docker-host/data-host.ts";
import { isSharedVolume } from "../../components/registry/shared-volume.ts";
import { fittingNodes, type SwarmNode } from "../../components/swarm/placement-constraint.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { Settings } from "../settings/settings.ts";

interface EngineInfo {
  ID: string;
  Name: string;
  Swarm?: { NodeID?: string };
}

/**
 * The machine that has a stack's images. undefined: they are where every machine finds them; or, in a preview that assumes a Docker
 * host, it is not known.
 */
export async function dataHost(settings: Settings): Promise<DataHost | undefined> {
  const data = dataOf(settings.storage);
  // The step that needs an answer has reported that there is none.
  const machine = data && (await machineOf(settings).catch(() => undefined));
  return data && machine && { ...machine, ...data };
}

/** Whether the images are on one machine. */
export function isOnOneMachine({ storage }: Pick<Settings, "storage">): boolean {
  return dataOf(storage) !== undefined;
}

function dataOf(storage: Settings["storage"]): Pick<DataHost, "place" | "confirmed"> | undefined {
  if ("bindMount" in storage) {
    const { path, host } = storage.bindMount;
    return { place: `folder ${path}`, ...(host ? { confirmed: host } : {}) };
  }
  if (!("volume" in storage) || isSharedVolume(storage.volume)) return undefined;
  const { name, host } = storage.volume;
  return { place: `volume ${name}`, ...(host ? { confirmed: host } : {}) };
}

/** The engine's own, unless the constraints of a service lead to another node. */
async function machineOf({ docker, service }: Settings): Promise<Pick<DataHost, "id" | "nodeId" | "name"> | undefined> {
  const client = dockerClient(docker);
  const constraints = service?.placement.constraints ?? [];
  const [info, nodes] = await Promise.all([
    client.info() as Promise<EngineInfo>,
    constraints.length > 0 ? (client.listNodes() as unknown as Promise<SwarmNode[]>) : [],
  ]);
  const own = { id: info.ID, name: info.Name };
  if (constraints.length === 0) return own;
  const [node, ...others] = fittingNodes(nodes, constraints);
  // Several are refused.
  if (!node || others.length > 0) return undefined;
  const { ID: nodeId, Description } = node;
  return nodeId === info.Swarm?.NodeID ? { ...own, nodeId } : { id: nodeId, nodeId, name: Description.Hostname };
}
