import type Docker from "dockerode";
import { isNotFound } from "../../lib/docker/docker-client.ts";
import { givenLabels } from "../docker-host/given-labels.ts";

/** The label of the containers that the kit runs to read and write a volume; its value is the volume's name. */
export const helperLabel = "io.registry-kit.helper-for-volume";

/**
 * Removes the helpers that a killed run left: they keep the volume from being removed. A container counts as one only
 * if it has the volume mounted and the label does not come from its image.
 */
export async function removeHelpers(docker: Docker, volume: string): Promise<void> {
  const filters = { volume: [volume], label: [`${helperLabel}=${volume}`] };
  for (const container of await docker.listContainers({ all: true, filters })) {
    const labels = await givenLabels(docker, container);
    if (labels[helperLabel] === volume) await removeContainer(docker, container.Id);
  }
}

/** Removes a container, running or not. One that is gone already is no error. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  await docker
    .getContainer(id)
    .remove({ force: true, v: true })
    .catch((error) => {
      if (!isNotFound(error)) throw error;
    });
}
