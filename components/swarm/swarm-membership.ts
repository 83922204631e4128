import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { DataHost } from "../docker-host/data-host.ts";

export interface SwarmMembershipArgs {
  /** The engine that is asked; must be a manager. Default: as the docker command would choose. A change looks at the other one. */
  dockerHost?: DockerHost;
  /** Whether an engine that is in no swarm may make one of its own. @default false */
  initialize?: boolean | undefined;
  /**
   * Address or interface by which other nodes reach a swarm that is made here. With the default no other node can join.
   * @default "127.0.0.1"
   */
  advertiseAddress?: string | undefined;
  /** The node with the data of the services. Another one is refused unless it is confirmed. Default: any will do. */
  dataHost?: DataHost;
}

/**
 * The swarm that an engine manages: found, or with `initialize` made. A swarm that was made here is left again when this
 * resource goes, unless other nodes have joined it or services, secrets or configs of others are in it: then it stays, with a warning.
 *
 * Errors: the engine is in no swarm and may not make one (with the command to type), or is a worker.
 *
 * @example
 * ```ts
 * import { SwarmMembership } from "registry-kit";
 *
 * const swarm = new SwarmMembership("swarm", { initialize: true, advertiseAddress: "192.0.2.10" });
 * export const manager = swarm.nodeId;
 * ```
 */
export class SwarmMembership extends pulumi.CustomResource {
  declare readonly swarmId: pulumi.Output<string>;
  /** The engine's own node, as it was when this resource was made. */
  declare readonly nodeId: pulumi.Output<string>;
  /** Whether this resource made the swarm. */
  declare readonly made: pulumi.Output<boolean>;

  constructor(name: string, args: SwarmMembershipArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { swarmId: undefined, nodeId: undefined, made: undefined };
    super("registry-kit:swarm:SwarmMembership", name, { ...args, ...outputs }, opts);
  }
}
