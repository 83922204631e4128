import type Docker from "dockerode";

/**
 * Restarts the running containers that have this volume mounted, so that they read its files anew. Each one gets
 * its own stop timeout to finish the requests under way; the same container starts again at once, which is a
 * shorter gap than that of a new container.
 */
export async function restartReaders(docker: Docker, volume: string): Promise<void> {
  const filters = { volume: [volume], status: ["running"] };
  const readers = await docker.listContainers({ filters });
  await Promise.all(readers.map(({ Id }) => restart(docker, Id)));
}

async function restart(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await container.restart();
  const { State, Name } = await container.inspect();
  if (!State.Running) {
    throw new Error(
      `Container ${Name.slice(1)} did not come up again after a restart: exit code ${State.ExitCode} ${State.Error}`,
    );
  }
}
