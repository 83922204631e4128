import * as pulumi from "@pulumi/pulumi";
import type { NodeConnection } from "./node-connection.ts";
import type { TrustFile } from "./trust-state.ts";

export interface NodeTrustArgs {
  /**
   * The registry's names as they stand in image names: DNS names or IP addresses (IPv6 without brackets), no
   * scheme, no port. dockerd compares them letter by letter, case included. Hosts added or removed add or remove
   * their file; the others are not touched.
   */
  hosts: pulumi.Input<pulumi.Input<string>[]>;
  /** The registry's port, 1 to 65535; with 443 the folders carry no port, as image names don't. A change moves the files. */
  port: pulumi.Input<number>;
  /** The certificate authority, or several of them in a row, in PEM. A change rewrites the files in place. */
  certificatePem: pulumi.Input<string>;
  /** The node: `{ type: "local" }` is the machine that runs the kit. A change clears the old node, then writes to the new one. */
  connection: pulumi.Input<NodeConnection>;
  /**
   * The daemon's certs.d, an absolute path; missing folders are made, 0755. A change moves the files.
   * @default "/etc/docker/certs.d"
   */
  certsDirectory?: pulumi.Input<string>;
  /**
   * Whether a different ca.crt of somebody else may be replaced; it is kept in the state (it is public) and put
   * back when the host or the resource goes. false: an error that names the file. Counts when a file is written,
   * so a later change does nothing by itself.
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
}

/**
 * Makes the Docker daemon of a node trust a registry's certificate authority: `certs.d/<host>[:<port>]/ca.crt` for
 * each host, root's, 0444.
 *
 * The daemon needs no reload and no restart: it reads the folder again for every pull, push and login
 * (`newTLSConfig`, called by `lookupV2Endpoints` in moby's registry package, the same from 20.10 to 29). It does not read it for
 * addresses in 127.0.0.0/8 and names of them, whose certificates it never verifies (`insecure-registries` holds that network
 * always).
 *
 * Files of others are not touched. An identical ca.crt is used as it is, only its mode becomes 0444, and it stays when this
 * resource goes. A file that was changed since is not overwritten until a refresh has shown the change, and is left alone,
 * with a warning, on removal. Removal takes away the files, then each folder that was made for them and is empty. Two resources
 * for the same host and port on one node don't know of each other: the one that wrote the file takes it away.
 *
 * Errors: at preview, where the folder can't be written, where a different ca.crt or a link is in the way; at up, when some of
 * the files can't be written: the others are, and the next up does what is missing.
 */
export class NodeTrust extends pulumi.CustomResource {
  /** The files on the node, as last seen. */
  declare readonly files: pulumi.Output<TrustFile[]>;
  /** The folders that go with them when they are empty. */
  declare readonly folders: pulumi.Output<string[]>;

  constructor(name: string, args: NodeTrustArgs, opts?: pulumi.CustomResourceOptions) {
    // A replacement owns the same files: made first, it would take them for somebody else's and lose them.
    const replaced = pulumi.mergeOptions({ deleteBeforeReplace: true }, opts);
    super("registry-kit:nodes:NodeTrust", name, { ...args, files: undefined, folders: undefined }, replaced);
  }
}
