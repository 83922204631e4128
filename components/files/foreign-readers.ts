import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { registryLabel } from "./layout.ts";

/**
 * The resources that this process has seen in the state. At a replacement an engine asks a second time as if for a
 * new one, and the readers are still this stack's own.
 */
const recorded = new Set<string>();

/**
 * Names of the registries that have the volume mounted although the state knows nothing of its files: another copy of the
 * project, with a state of its own, deployed the same stack to this engine. Writing would change that one's users and key.
 *
 * @param known whether the state holds the files already: then the readers are this stack's own
 */
export async function foreignReaders(
  urn: string,
  known: boolean,
  volume: string,
  dockerHost: DockerHost,
): Promise<string[]> {
  if (known) recorded.add(urn);
  if (recorded.has(urn)) return [];
  // Helpers have no such label.
  const filters = { volume: [volume], label: [registryLabel] };
  const containers = await dockerClient(dockerHost).listContainers({ all: true, filters });
  return containers.map(({ Names, Id }) => Names[0]?.slice(1) ?? Id);
}
