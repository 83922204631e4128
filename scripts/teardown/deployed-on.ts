import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { StackResource } from "../engines/engine.ts";

/**
 * The Docker engine that a stack was deployed on, from its explicit provider; with the default one, that of DOCKER_HOST. undefined:
 * the state knows no engine. The settings may name another one by now, whose volumes of the same names belong to others.
 */
export function deployedOn(resources: StackResource[]): DockerHost | undefined {
  const providers = resources.filter(({ type }) => type === "pulumi:providers:docker");
  if (providers.length === 0) return undefined;
  const { host, certPath } = providers.find(({ inputs }) => inputs?.host ?? inputs?.certPath)?.inputs ?? {};
  return {
    ...(typeof host === "string" ? { url: host } : {}),
    ...(typeof certPath === "string" ? { certPath } : {}),
  };
}
