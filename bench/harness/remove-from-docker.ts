import { dockerClient } from "../../lib/docker/docker-client.ts";

/** Removes a container, running or not, with its unnamed volumes. */
export async function removeContainer(name: string): Promise<void> {
  await unlessGone(dockerClient({}).getContainer(name).remove({ force: true, v: true }));
}

/** Removes a volume and the containers that have it mounted. */
export async function removeVolume(name: string): Promise<void> {
  const docker = dockerClient({});
  const users = await docker.listContainers({ all: true, filters: { volume: [name] } });
  for (const { Id } of users) await removeContainer(Id);
  await unlessGone(docker.getVolume(name).remove());
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404) throw error;
  });
}
