import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";

export interface VolumeOwnerArgs {
  /** The engine that holds the volume. Default: as the docker command would choose. */
  dockerHost?: DockerHost;
  /** Name of an existing volume. */
  volume: pulumi.Input<string>;
  /** An image on that engine with /bin/sh, used to look into the volume. A change of it alone does nothing. */
  image: pulumi.Input<string>;
  /** Numeric. A change gives nothing away that a volume holds. */
  owner: { uid: number; gid: number };
  /** Name of an empty folder to put there: Docker gives an empty volume to root again when a container takes it. */
  folder: string;
  /** Who has a volume that holds something keeps it, and {@link VolumeOwner.holder} says who that is. Else `owner` must be able to write it. */
  keepsOwner?: true;
  /**
   * Of a volume that a swarm's task mounts: the task's constraints, and how its mount makes the volume on the node. A change looks at the
   * volume of the other node. Default: it is on the engine itself.
   */
  task?: { constraints: string[]; driver: string; driverOptions?: Record<string, string> };
  /** Id of the node that has it, where no constraints of the task say that. */
  node?: pulumi.Input<string>;
}

/**
 * Gives an empty volume to a user, so that a container that does not run as root can write into it. A volume that holds
 * something is left as it is; on delete nothing happens. A new one that finds a volume with something in it says so in the preview.
 *
 * Errors: without `keepsOwner`, a volume that holds something which `owner` can't write.
 */
export class VolumeOwner extends pulumi.CustomResource {
  /** With `keepsOwner`: `uid:gid` of who has the volume, as the first run found or left it. */
  declare readonly holder: pulumi.Output<string>;

  constructor(name: string, args: VolumeOwnerArgs, opts?: pulumi.CustomResourceOptions) {
    super("registry-kit:files:VolumeOwner", name, { ...args, given: undefined, holder: undefined }, opts);
  }
}
