import { setTimeout as pause } from "node:timers/promises";
import { dockerClient, isNotFound } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { UserError } from "../terminal/user-error.ts";

/** Tasks outlive their service by the time that they may take to end (service.stopGrace). */
const patience = 120_000;

/** Removes a volume of a Docker engine, once no task of a swarm has it mounted any more. @throws {UserError} where something else has */
export async function removeVolume(name: string, host: DockerHost): Promise<void> {
  const docker = dockerClient(host);
  const filters = { volume: [name], label: ["com.docker.swarm.service.id"] };
  try {
    const end = Date.now() + patience;
    while ((await docker.listContainers({ all: true, filters })).length > 0 && Date.now() < end) await pause(250);
    await docker.getVolume(name).remove();
  } catch (error) {
    if (isNotFound(error)) return;
    throw new UserError(
      `Volume ${name} can't be removed: ${(error as Error).message}. Stop what uses it, then run the same command again.`,
    );
  }
}
