import type { DockerHost } from "../../components/docker-host/docker-host.ts";
import type { StackResource } from "../engines/engine.ts";

/** The Docker engine that a stack was deployed on, from its explicit provider; without one, that of DOCKER_HOST. */
export function deployedOn(resources: StackResource[]): DockerHost {
  const inputs = resources.find(({ type }) => type === "pulumi:providers:docker")?.inputs ?? {};
  const { host, certPath } = inputs;
  return {
    ...(typeof host === "string" ? { url: host } : {}),
    ...(typeof certPath === "string" ? { certPath } : {}),
  };
}
