import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { registryLabel } from "./layout.ts";

/** What the engine may take beside waiting for the container's end. */
const marginMilliseconds = 60_000;

/** Such a container may have ended for what was wrong with the old files. */
const ended = ["exited", "created", "dead"];

/**
 * Restarts the containers that have this volume mounted, so that they read its new files. Each one gets
 * its own stop timeout to finish the requests under way; the same container starts again at once, which is a
 * shorter gap than that of a new container. A registry that ended, or that Docker starts again and again, starts now.
 */
export async function restartReaders(host: DockerHost, volume: string): Promise<void> {
  const containers = await dockerClient(host).listContainers({ all: true, filters: { volume: [volume] } });
  const readers = containers.filter(({ State, Labels }) => !ended.includes(State) || registryLabel in Labels);
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
