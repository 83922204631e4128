import type * as pulumi from "@pulumi/pulumi";
import { VolumeOwner } from "../files/volume-owner.ts";
import type { FilledServiceArguments as ServedArgs } from "./filled-arguments.ts";
import { imageReference } from "./image.ts";

/** As whom a service runs, and what has to be there before it does. */
interface ServiceUser {
  user: pulumi.Input<string>;
  dependsOn: pulumi.Resource[];
}

/** The user of a service. Where that one is given the volume, the node's own is looked at and given away before the first task. */
export function serviceUser(name: string, args: ServedArgs, opts: pulumi.CustomResourceOptions): ServiceUser {
  const { service, storage, dockerHost, image } = args;
  const { user, volumeOwner } = service;
  const [uid = 0, gid = 0] = user.split(":").map(Number);
  if (volumeOwner === undefined || uid === 0 || !("volume" in storage)) return { user, dependsOn: [] };
  const { name: volume, driver = "local", driverOptions } = storage.volume;
  const owned = new VolumeOwner(
    `${name}-data-owner`,
    {
      ...(dockerHost ? { dockerHost } : {}),
      volume,
      image: imageReference(image),
      owner: { uid, gid },
      folder: "docker",
      ...(volumeOwner === "keep" ? { keepsOwner: true as const } : {}),
      task: { constraints: service.placement.constraints, driver, ...(driverOptions ? { driverOptions } : {}) },
      ...(args.node === undefined ? {} : { node: args.node }),
    },
    opts,
  );
  return { user: volumeOwner === "keep" ? owned.holder : user, dependsOn: [owned] };
}
