import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../docker-host/docker-host.ts";

export interface VolumeOwnerArgs {
  /** The engine that holds the volume. Default: as the docker command would choose. */
  dockerHost?: DockerHost;
  /** Name of an existing volume. */
  volume: pulumi.Input<string>;
  /** An image on that engine with /bin/sh, used to look into the volume. A change of it alone does nothing. */
  image: pulumi.Input<string>;
  /** Numeric. A change does nothing to a volume that holds something. */
  owner: { uid: number; gid: number };
  /** Name of an empty folder to put there: Docker gives an empty volume to root again when a container takes it. */
  folder: string;
}

/**
 * Gives an empty volume to a user, so that a container that does not run as root can write into it. A volume that holds
 * something is left as it is, whoever owns it; on delete nothing happens.
 */
export class VolumeOwner extends pulumi.CustomResource {
  constructor(name: string, args: VolumeOwnerArgs, opts?: pulumi.CustomResourceOptions) {
    super("registry-kit:files:VolumeOwner", name, { ...args, given: undefined }, opts);
  }
}
