import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { ServiceRollout } from "./service-rollout.ts";

/** How a service is waited for. */
export interface Rollout {
  /** A manager of the swarm. Default: as the docker command would choose. */
  dockerHost?: DockerHost | undefined;
  /** The longest wait, for example `5m`. */
  timeout: string;
}

/** A service, and the wait (`<name>-rollout`) that ends when it runs as it is asked to: after every change of it, too. */
export function rolledOutService(
  name: string,
  args: docker.ServiceArgs,
  { dockerHost, timeout }: Rollout,
  opts: pulumi.CustomResourceOptions,
): docker.Service {
  // Its name and its port can be owned by one service only.
  const service = new docker.Service(name, args, { ...opts, deleteBeforeReplace: true });
  const wait = { ...(dockerHost ? { dockerHost } : {}), timeout };
  new ServiceRollout(`${name}-rollout`, { ...wait, service: service.id, revision: revisionOf(args) }, opts);
  return service;
}

/** A text that is another one whenever the service is asked to be another: what its new tasks are waited for by. */
function revisionOf(args: docker.ServiceArgs): pulumi.Output<string> {
  return pulumi.output(args).apply((given) => sha256(JSON.stringify(given)));
}
