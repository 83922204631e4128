import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";

export interface ProcessLimitArgs {
  /** The engine that runs the container. A change sets the limit there. */
  dockerHost?: DockerHost;
  /** Id of the container. */
  container: pulumi.Input<string>;
  /** The most processes and threads that the container may have. A change applies at once, without a restart. */
  limit: number;
}

/**
 * The process limit of a container (`docker run --pids-limit`), which the Docker provider's Container has no
 * property for. It is set on the running container and lives and ends with it.
 */
export class ProcessLimit extends pulumi.CustomResource {
  constructor(name: string, args: ProcessLimitArgs, opts?: pulumi.CustomResourceOptions) {
    super("registry-kit:registry:ProcessLimit", name, { ...args, applied: undefined }, opts);
  }
}
