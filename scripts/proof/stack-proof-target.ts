import { tasksOf } from "../../engine/docker/service/tasks.ts";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { DeployedCache, DeployedService } from "../session/deployment.ts";
import type { ProofTarget } from "./proof-target.ts";

/** What the proof needs to know of a deployed registry. */
export async function proofTarget(stack: DeployedService, docker: DockerHost): Promise<ProofTarget> {
  const {
    hosts,
    port,
    address,
    caCertificate,
    certificateExpires,
    passwords,
    userNames,
    service,
    acceptsPushes,
    guarded,
  } = stack;
  const container = service ? await taskContainer(service.id, docker) : stack.containerId;
  return {
    hosts,
    port,
    address: address.replace(/^0\.0\.0\.0$/, "127.0.0.1").replace(/^::$/, "::1"),
    tls:
      caCertificate && certificateExpires
        ? {
            authorityCertificatePem: caCertificate,
            certificateNotAfter: certificateExpires,
            ...(stack.proofClient ? { client: stack.proofClient } : {}),
          }
        : undefined,
    users: Object.entries(passwords).map(([name, password]) => ({ name, password })),
    userNames,
    ...(container === undefined ? {} : { container: { id: container, docker } }),
    ...(service ? { service: { id: service.id, publish: service.publish, docker } } : {}),
    // The daemon of this machine pushes and pulls, as a client would.
    docker: {},
    acceptsPushes,
    ...(stack.redis ? { redis: stack.redis } : {}),
    secrets: guarded,
  };
}

/** What the proof needs to know of a deployed cache. */
export async function cacheTarget(cache: DeployedCache, docker: DockerHost): Promise<ProofTarget> {
  return { ...(await proofTarget(cache, docker)), upstream: { url: cache.upstream, probe: cache.probe } };
}

/** The container of a task that runs on the engine itself, the only ones that it can look into; undefined: there is none. */
async function taskContainer(service: string, host: DockerHost): Promise<string | undefined> {
  try {
    const docker = dockerClient(host);
    const { Swarm } = (await docker.info()) as { Swarm?: { NodeID?: string } };
    const task = (await tasksOf(docker, service)).find(
      ({ NodeID, Status }) => NodeID === Swarm?.NodeID && Status.State === "running",
    );
    return task?.Status.ContainerStatus?.ContainerID;
  } catch {
    // The checks of the service say why it can't be asked.
    return undefined;
  }
}
