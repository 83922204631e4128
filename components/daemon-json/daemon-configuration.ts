import * as pulumi from "@pulumi/pulumi";
import type { NodeConnection } from "../machines/node-connection.ts";
import { secretLogin } from "../machines/secret-login.ts";
import type { SshLogin } from "../machines/ssh/ssh-login.ts";
import type { DaemonEntries } from "./daemon-file.ts";

export interface DaemonConfigurationArgs {
  /** The node: `{ type: "local" }` or `{ type: "ssh", host, port }`. A change clears the old node first. */
  connection: pulumi.Input<NodeConnection>;
  /** How to get in by ssh, as for `NodeTrust`. */
  login?: pulumi.Input<Partial<SshLogin>>;
  /**
   * Registries without TLS or with a certificate that nobody checks: `host:port`, `host`, or a network (CIS Docker
   * Benchmark 2.5, 2.4 in older editions).
   * @default []
   */
  insecureRegistries?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Mirrors of Docker Hub, the only registry that dockerd takes mirrors of: `https://host:port`. It sends them no credentials.
   * @default []
   */
  registryMirrors?: pulumi.Input<pulumi.Input<string>[]>;
  /** Whether the daemon runs as the user who logs in. @default false */
  rootless?: pulumi.Input<boolean>;
  /** Whether a node without dockerd is fine. @default false: an error */
  ifPresent?: pulumi.Input<boolean>;
  /**
   * Which stack the entries belong to: the `uuid` of a `StackIdentity`. Without it two stacks of the same project and name, in two
   * backends, count as one on a node, and the first that goes removes the other's entries. A change moves nothing in the file.
   */
  stack?: pulumi.Input<string>;
  /** @default the one that the node's only dockerd reads (`--config-file`), "/etc/docker/daemon.json" by default; with `rootless` `~/.config/docker/daemon.json` */
  file?: pulumi.Input<string>;
}

/**
 * Merges entries into the daemon.json of a node and has the daemon reload it; nothing is ever restarted.
 *
 * The file keeps every other character; mode and owner stay, a new file is root's, 0644. Before anything is written: what is no
 * plain file or no valid JSON is refused, so is what collides with dockerd's flags, and `dockerd --validate` (23.0) is asked.
 * Then SIGHUP, and `docker info` must show the entries; a daemon that does not take them gets its old file back.
 *
 * Removal removes what this resource added and no other one wants: the file is the one from before byte for byte, unless
 * others changed it meanwhile, whose changes stay. Lists that a reload can't unset are emptied first (moby#36632). Beside the
 * file, `.daemon.json.registry-kit-ledger` (0600) notes the former file and who added what, so that several stacks may come and
 * go in any order; it goes with the last.
 *
 * On this machine, where this user can't write the file, sudo is asked for root's rights as for a `NodeTrust`. Where there are none,
 * mirrors on loopback hosts are left out (`leftOut`), and other entries are refused at preview with the commands that add them. Two runs at the same moment from two machines are not kept apart.
 *
 * @example
 * ```ts
 * import { DaemonConfiguration, StackIdentity } from "registry-kit";
 *
 * new DaemonConfiguration("daemon", {
 *   connection: { type: "local" },
 *   registryMirrors: ["https://mirror.example.com:5001"],
 *   stack: new StackIdentity("identity").uuid,
 * });
 * ```
 */
export class DaemonConfiguration extends pulumi.CustomResource {
  /** What this resource has in the file. */
  declare readonly entries: pulumi.Output<DaemonEntries>;
  /** What is not as it should be, one sentence each, as last seen. */
  declare readonly drift: pulumi.Output<string[]>;
  /** Entries that this user had no right to add; undefined: none. The next up that can add them does. */
  declare readonly leftOut: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: DaemonConfigurationArgs, opts?: pulumi.CustomResourceOptions) {
    const replaced = pulumi.mergeOptions({ deleteBeforeReplace: true }, opts);
    const outputs = { entries: undefined, rights: undefined, drift: undefined, leftOut: undefined };
    super(
      "registry-kit:nodes:DaemonConfiguration",
      name,
      { ...outputs, ...args, ...secretLogin(args.login) },
      replaced,
    );
  }
}
