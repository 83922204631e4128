import { dockerClient, isNotFound } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { StackResource } from "../engines/engine.ts";

/** The resources without the volumes that a killed run had begun and did not make: nobody needs to remove them. */
export async function withoutUnmade(resources: StackResource[], host: DockerHost): Promise<StackResource[]> {
  const docker = dockerClient(host);
  const isThere = async ({ begun, type, inputs }: StackResource) => {
    if (!begun || type !== "docker:index/volume:Volume" || typeof inputs?.name !== "string") return true;
    // An engine that does not answer is reported by the teardown itself.
    const found = await docker
      .getVolume(inputs.name)
      .inspect()
      .catch((error) => !isNotFound(error));
    return found !== false;
  };
  const there = await Promise.all(resources.map(isThere));
  return resources.filter((_, index) => there[index]);
}
