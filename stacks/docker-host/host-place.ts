import type { DockerHost } from "../../lib/docker/docker-host.ts";

/** What names the Docker host of a stack: the setting, or the variable, which also holds where the active Docker context leads. */
export function hostPlace({ url }: DockerHost): "docker.url" | "DOCKER_HOST" {
  return url === undefined && process.env.DOCKER_HOST ? "DOCKER_HOST" : "docker.url";
}
