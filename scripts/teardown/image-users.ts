import { registryName } from "../../components/trust/registry-name.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";

/**
 * Containers and services of a Docker engine that run images of a registry: `container shop (127.0.0.1:5000/shop:1)`. They go on
 * when the registry goes, but can't be pulled again, so not be moved to another node.
 */
export async function imageUsers(hosts: string[], port: number, docker: DockerHost): Promise<string[]> {
  const prefixes = hosts.flatMap((host) => [`${registryName(host, port)}/`, `${host}:${port}/`]);
  const isOurs = (image: string) => prefixes.some((prefix) => image.startsWith(prefix));
  const client = dockerClient(docker);
  // A service's containers are named by the service; an engine that manages no swarm has none.
  const [containers, services] = await Promise.all([
    client.listContainers({ all: true }),
    client.listServices().catch(() => []),
  ]);
  return [
    ...containers
      .filter(({ Image, Labels }) => isOurs(Image) && !("com.docker.swarm.service.id" in Labels))
      .map(({ Names, Id, Image }) => `container ${Names[0]?.slice(1) ?? Id} (${Image})`),
    ...services.flatMap(({ ID, Spec }) => {
      const image = imageOf(Spec);
      return image && isOurs(image) ? [`service ${Spec?.Name ?? ID} (${image.split("@")[0]})`] : [];
    }),
  ];
}

function imageOf(spec: object | undefined): string | undefined {
  return (spec as { TaskTemplate?: { ContainerSpec?: { Image?: string } } } | undefined)?.TaskTemplate?.ContainerSpec
    ?.Image;
}
