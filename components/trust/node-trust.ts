import * as pulumi from "@pulumi/pulumi";
import type { NodeConnection } from "../machines/node-connection.ts";
import { secretLogin } from "../machines/secret-login.ts";
import type { SshLogin } from "../machines/ssh/ssh-login.ts";
import type { ClientName } from "./client-name.ts";
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
  /**
   * The certificate authority, or several of them in a row, in PEM; left out only with `insecure`. A change rewrites the
   * files in place.
   */
  certificatePem?: pulumi.Input<string>;
  /**
   * Whether the registry speaks plain HTTP (CIS Docker Benchmark 2.5): containerd and podman are told so here, dockerd by a
   * `DaemonConfiguration`.
   * @default false
   */
  insecure?: pulumi.Input<boolean>;
  /**
   * The node: `{ type: "local" }` is the machine that runs the kit, `{ type: "ssh", host, port }` any other. A change clears
   * the old node, then writes to the new one.
   */
  connection: pulumi.Input<NodeConnection>;
  /** How to get in by ssh: user, key, jump host, sudo. Its passphrase and password become secrets. A change moves nothing. */
  login?: pulumi.Input<Partial<SshLogin>>;
  /**
   * The node's clients: Docker, containerd by itself (Kubernetes, nerdctl), podman with CRI-O; "detect": those whose programs
   * are there, looked at again by each refresh.
   * @default ["docker"]
   */
  clients?: pulumi.Input<"detect" | ClientName[]>;
  /**
   * Whether the clients run as the user who logs in: the files are then in that user's `~/.config`.
   * @default false
   */
  rootless?: pulumi.Input<boolean>;
  /**
   * Registry -> URLs of its mirrors, for containerd and podman: `{ "docker.io": ["https://mirror.example.com:5001"] }`. dockerd
   * knows mirrors of Docker Hub only, from a `DaemonConfiguration`.
   * @default {}
   */
  mirrors?: pulumi.Input<Record<string, string[]>>;
  /**
   * Docker's certs.d, an absolute path; missing folders are made, 0755. A change moves the files.
   * @default "/etc/docker/certs.d"; with `rootless` `~/.config/docker/certs.d`
   */
  certsDirectory?: pulumi.Input<string>;
  /**
   * Whether a different ca.crt that the kit did not write may be replaced; it is kept in the state (it is public) and put
   * back when the host or the resource goes. false: an error that names the file. Counts when a file is written,
   * so a later change does nothing by itself.
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
}

/**
 * Makes the clients of a node trust a registry's certificate authority, for each host with files of root's, 0444: Docker
 * `certs.d/<host>[:<port>]/ca.crt`, podman and CRI-O the same below `/etc/containers`, containerd that and a `hosts.toml` below
 * `/etc/containerd`, which containerd reads where its `config_path` says so.
 *
 * The daemon needs no reload and no restart: it reads the folder again for every pull, push and login
 * (`newTLSConfig`, called by `lookupV2Endpoints` in moby's registry package, the same from 20.10 to 29). It does not read it for
 * addresses in 127.0.0.0/8 and names of them, whose certificates it never verifies (`insecure-registries` holds that network
 * always).
 *
 * On this machine, where this user can't write the folder, sudo is asked for root's rights, without a question; a command on a
 * terminal may have got them before. Where there are none, files of loopback hosts are left out, as dockerd does not need them:
 * `leftOut` names them.
 *
 * Files of others are not touched. An identical one is used as it is, only its mode becomes 0444, which is said, and it stays when
 * this resource goes. Where a run was killed before it could record what it had written, the built-in engine looks for it: what
 * is equal to the byte, mode and owner and was written after that run began is its own again. The Pulumi CLI does not ask; there it
 * counts as somebody's, and stays. A file that was changed since is not overwritten until a refresh has shown the change, and is left alone,
 * with a warning, on removal. Removal deletes the files, then each folder that was made for them and is empty. Two resources
 * for the same host and port on one node don't know of each other: the one that wrote the file removes it.
 *
 * Errors: at preview, where the folder can't be written, where a different ca.crt or a link is in the way; at up, when some of
 * the files can't be written: the others are, and the next up does what is missing. A node that can't be reached is a warning at
 * preview and an error at up, which keeps no other node from being done.
 *
 * @example
 * ```ts
 * import { CertificateAuthority, NodeTrust } from "registry-kit";
 *
 * const authority = new CertificateAuthority("authority", { commonName: "Example CA" });
 * new NodeTrust("trust", {
 *   hosts: ["registry.example.com"],
 *   port: 5000,
 *   certificatePem: authority.certificatePem,
 *   connection: { type: "ssh", host: "node.example.com", port: 22 },
 *   login: { user: "deploy", sudo: true },
 * });
 * ```
 */
export class NodeTrust extends pulumi.CustomResource {
  /** The files on the node, as last seen. */
  declare readonly files: pulumi.Output<TrustFile[]>;
  /** The folders that go with them when they are empty. */
  declare readonly folders: pulumi.Output<string[]>;
  /** Paths of files that only root could write, for loopback hosts; undefined: none. The next up that can write them does. */
  declare readonly leftOut: pulumi.Output<string[] | undefined>;
  /** When the first of the certificates on the node ends, ISO 8601. */
  declare readonly certificateExpires: pulumi.Output<string | undefined>;

  constructor(name: string, args: NodeTrustArgs, opts?: pulumi.CustomResourceOptions) {
    // A replacement owns the same files: made first, it would take them for foreign files and lose them.
    const replaced = pulumi.mergeOptions({ deleteBeforeReplace: true }, opts);
    const outputs = {
      files: undefined,
      folders: undefined,
      node: undefined,
      leftOut: undefined,
      certificateExpires: undefined,
    };
    super("registry-kit:nodes:NodeTrust", name, { ...outputs, ...args, ...secretLogin(args.login) }, replaced);
  }
}
