import type Docker from "dockerode";
import { givenLabels } from "../../components/docker-host/given-labels.ts";
import { registryLabel } from "../../components/files/layout.ts";
import { ephemeralLabel, trustLabel } from "../../stacks/throw-away/ephemeral-labels.ts";
import { stackLabel } from "../../stacks/throw-away/stack-label.ts";

/** What one throw-away stack has on a Docker engine. */
export interface Estate {
  stack: string;
  /** What the names of its objects begin with. */
  name: string;
  created: Date;
  /** Ids. */
  containers: string[];
  volumes: string[];
  networks: string[];
  /** Files that make this machine's daemon trust it. */
  trustedFiles: string[];
}

type Labels = Record<string, string>;

/**
 * All throw-away stacks of a Docker engine, no matter who made them. The volumes say which there are: an image cannot bring
 * a volume's labels, but it can bring a container's. A container or network belongs to a stack if it has the same
 * labels as a volume of it; where they come from the container's image, it must have such a volume mounted, too.
 *
 * @param report says which containers and networks have such labels and no volume: they are left
 */
export async function findEstates(docker: Docker, report: (line: string) => void): Promise<Estate[]> {
  const filters = { label: [ephemeralLabel] };
  const [containers, { Volumes: volumes }, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  const estates = new Map<string, Estate>();
  for (const { Labels: labels, Name } of volumes ?? []) {
    const [key, estate] = [keyOf(labels), estateOf(labels)];
    if (!estate) continue;
    const known = estates.get(key) ?? estate;
    known.volumes.push(Name);
    estates.set(key, known);
  }
  const leave = (what: string) =>
    report(`${what} has the labels of a throw-away stack, but no volume has the same: it stays.`);
  for (const container of containers) {
    const estate = estates.get(keyOf(container.Labels));
    const given = keyOf(await givenLabels(docker, container)) === keyOf(container.Labels);
    const uses = container.Mounts.some(({ Name }) => Name !== undefined && estate?.volumes.includes(Name));
    if (estate && (given || uses)) estate.containers.push(container.Id);
    else if (given) leave(`Container ${container.Names[0]?.slice(1) ?? container.Id}`);
  }
  for (const { Labels: labels, Id, Name } of networks) {
    const estate = estates.get(keyOf(labels));
    if (estate) estate.networks.push(Id);
    else leave(`Network ${Name}`);
  }
  return [...estates.values()];
}

function keyOf(labels: Labels | undefined): string {
  return JSON.stringify([stackLabel, registryLabel, ephemeralLabel].map((label) => labels?.[label]));
}

/** Undefined where the labels are not the kit's own work: nothing is removed on account of them. */
function estateOf(labels: Labels): Estate | undefined {
  const { [stackLabel]: stack, [registryLabel]: name } = labels;
  const created = new Date(labels[ephemeralLabel] ?? "");
  if (!stack || !name || Number.isNaN(created.getTime())) return undefined;
  const trustedFiles = fileList(labels[trustLabel]);
  return { stack, name, created, containers: [], volumes: [], networks: [], trustedFiles };
}

function fileList(text = "[]"): string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((path) => typeof path === "string") : [];
  } catch {
    return [];
  }
}
