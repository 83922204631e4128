import type Docker from "dockerode";
import { registryLabel } from "../../components/registry/layout.ts";
import { authorityLabel, ephemeralLabel, trustLabel } from "../../stacks/ephemeral-labels.ts";
import { stackLabel } from "../../stacks/stack-label.ts";

/** What one throw-away stack has on a Docker engine, by the labels of its objects. */
export interface Estate {
  stack: string;
  /** What the names of its objects begin with. */
  name: string;
  created: Date;
  /** Ids. */
  containers: string[];
  volumes: string[];
  networks: string[];
  /** Files that make this machine's daemon trust it, and the common name of the authority in them. */
  trustedFiles: string[];
  authority: string | undefined;
}

/** All throw-away stacks of a Docker engine, whoever made them. */
export async function findEstates(docker: Docker): Promise<Estate[]> {
  const filters = { label: [ephemeralLabel] };
  const [containers, { Volumes: volumes }, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  const estates = new Map<string, Estate>();
  const add = (labels: Record<string, string> | undefined, kind: "containers" | "volumes" | "networks", id: string) => {
    const estate = estateOf(labels ?? {});
    if (!estate) return;
    const known = estates.get(estate.name) ?? estate;
    known[kind].push(id);
    estates.set(known.name, known);
  };
  for (const { Labels, Id } of containers) add(Labels, "containers", Id);
  for (const { Labels, Name } of volumes ?? []) add(Labels, "volumes", Name);
  for (const { Labels, Id } of networks) add(Labels, "networks", Id);
  return [...estates.values()];
}

/** Undefined where the labels are not the kit's own work: nothing is removed on account of them. */
function estateOf(labels: Record<string, string>): Estate | undefined {
  const { [stackLabel]: stack, [registryLabel]: name } = labels;
  const created = new Date(labels[ephemeralLabel] ?? "");
  if (!stack || !name || Number.isNaN(created.getTime())) return undefined;
  const trustedFiles = fileList(labels[trustLabel]);
  return {
    stack,
    name,
    created,
    containers: [],
    volumes: [],
    networks: [],
    trustedFiles,
    authority: labels[authorityLabel],
  };
}

function fileList(text = "[]"): string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((path) => typeof path === "string" && path.endsWith("/ca.crt")) : [];
  } catch {
    return [];
  }
}
