import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";

export interface ServiceRolloutArgs {
  /** A manager of the swarm. Default: as the docker command would choose. */
  dockerHost?: DockerHost;
  /** Id of the service. */
  service: pulumi.Input<string>;
  /** Anything that is another text whenever the service was changed: a change waits again. */
  revision: pulumi.Input<string>;
  /** The longest wait, for example `5m`. */
  timeout: string;
}

/**
 * Waits until a service runs as it was asked to: every task runs (and is healthy, where it has a health check), and the update
 * under way is done. For replicated and global services alike, which the Docker provider's `convergeConfig` does not do, and
 * without its pauses of 5 and 10 seconds between two looks (terraform-plugin-sdk's `StateChangeConf` with a MinTimeout of 5 s).
 *
 * Errors: the update was paused or rolled back, tasks keep failing, can't be placed, or time is up; the message holds the
 * tasks' own errors. The service is left as it is, and the next `up` waits again.
 */
export class ServiceRollout extends pulumi.CustomResource {
  constructor(name: string, args: ServiceRolloutArgs, opts?: pulumi.CustomResourceOptions) {
    super("registry-kit:swarm:ServiceRollout", name, { ...args, tasks: undefined, drift: undefined }, opts);
  }
}
