import { dockerClient } from "../docker-host/docker-client.ts";
import type { DockerHost } from "../docker-host/docker-host.ts";

/** What the engine may take beside waiting for the container's end. */
const marginMilliseconds = 60_000;

/**
 * Restarts the running containers that have this volume mounted, so that they read its files anew. Each one gets
 * its own stop timeout to finish the requests under way; the same container starts again at once, which is a
 * shorter gap than that of a new container.
 */
export async function restartReaders(host: DockerHost, volume: string): Promise<void> {
  const filters = { volume: [volume], status: ["running"] };
  const readers = await dockerClient(host).listContainers({ filters });
  await Promise.all(readers.map(({ Id }) => restart(host, Id)));
}

async function restart(host: DockerHost, id: string): Promise<void> {
  const { Config } = await dockerClient(host).getContainer(id).inspect();
  const { StopTimeout: stopTimeout } = Config as { StopTimeout?: number };
  // The engine answers when the container is up again: after requests that may take as long as the stop timeout.
  const container = dockerClient(host, (stopTimeout ?? 10) * 1000 + marginMilliseconds).getContainer(id);
  await container.restart();
  const { State, Name } = await container.inspect();
  if (!State.Running) {
    throw new Error(
      `Container ${Name.slice(1)} did not come up again after a restart: exit code ${State.ExitCode} ${State.Error}`,
    );
  }
}
