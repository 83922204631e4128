import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../docker-host/docker-host.ts";

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
}

/**
 * Gives an empty volume to a user, so that a container that does not run as root can write into it. A volume that holds
 * something is left as it is; on delete nothing happens.
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
