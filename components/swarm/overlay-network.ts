import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

export interface OverlayNetworkArgs {
  /** Name of the network. A change replaces it. */
  name: string;
  /** Whether containers can join it, too. A change replaces it, and needs another name. */
  attachable: boolean;
  /** Whether traffic between nodes is encrypted. A change replaces it, and needs another name. */
  encrypted: boolean;
}

/**
 * An overlay network. Docker adds an option to those of an encrypted one (vxlanid_list), which would be a difference in every
 * run: they are not compared. So an encrypted network is another resource, and needs another name.
 */
export function overlayNetwork(
  name: string,
  { encrypted, ...given }: OverlayNetworkArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Network {
  const args = { ...given, driver: "overlay" };
  // Services hold on to it until they have moved to the new one.
  const options = { ...opts, deleteBeforeReplace: false };
  if (!encrypted) return new docker.Network(name, args, options);
  const encryption = { options: { encrypted: "true" } };
  return new docker.Network(
    `${name}-encrypted`,
    { ...args, ...encryption },
    { ...options, ignoreChanges: ["options"] },
  );
}
