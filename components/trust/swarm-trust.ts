import * as pulumi from "@pulumi/pulumi";
import type { DockerHost } from "../../lib/docker/docker-host.ts";

export interface SwarmTrustArgs {
  /** A manager of the swarm. Default: as the docker command would choose. A change clears the old swarm first. */
  dockerHost?: DockerHost;
  /** Name of the service, of one resource alone in a swarm. A change removes the old one and its files first. */
  name: pulumi.Input<string>;
  /** The registry's names as they stand in image names, without port. One that goes loses its file, the others stay. */
  hosts: pulumi.Input<pulumi.Input<string>[]>;
  /** Ports of the registry and of caches beside it: there is a file for each host and port. */
  ports: pulumi.Input<pulumi.Input<number>[]>;
  /** The certificate authority, or several in a row, in PEM. A change reaches all nodes at once. */
  certificatePem: pulumi.Input<string>;
  /** Any image with a POSIX shell, that the nodes have or can pull; the registry's own will do. A change replaces the tasks. */
  image: pulumi.Input<string>;
  /**
   * certs.d of the nodes' daemons. Its parent folder must be there on every node before Docker 25. A change moves the files.
   * @default "/etc/docker/certs.d"
   */
  certsDirectory?: pulumi.Input<string>;
}

/**
 * Makes every Docker daemon of a swarm trust a registry's certificate authority, also on nodes that join later, without ssh: a
 * global service writes `certs.d/<host>[:<port>]/ca.crt`, root's, 0444, and repairs it within a minute. No daemon is reloaded.
 *
 * Its tasks have no capability, a read-only root, no port, and write access to the parent folder of certs.d: anyone who may
 * change services of a swarm can do as much, and more, anyway. A foreign `ca.crt` is not touched: an equal one is used and
 * stays, with a different one that node is named as not done.
 *
 * Removal has the service delete its files on all nodes first, then goes itself. Nodes that are down, drained or paused get the files
 * when they come back, and keep them when they are away at the removal: a warning names them.
 *
 * Errors: the engine is not a manager; another stack has a service of that name; a node can't run the task or is refused its files. The others are done then, and the
 * next up waits for the rest. Not for daemons with userns-remap, whose containers can't write there.
 *
 * @example
 * ```ts
 * import { CertificateAuthority, SwarmTrust } from "registry-kit";
 *
 * const authority = new CertificateAuthority("authority", { commonName: "Example CA" });
 * new SwarmTrust("trust", {
 *   name: "registry-trust",
 *   hosts: ["registry.example.com"],
 *   ports: [5000],
 *   certificatePem: authority.certificatePem,
 *   image: "registry:3.1.2",
 * });
 * ```
 */
export class SwarmTrust extends pulumi.CustomResource {
  /** Host names of the nodes that trust the registry, as last seen. */
  declare readonly nodes: pulumi.Output<string[]>;
  /** What a refresh found to differ; the next `up` repairs it. */
  declare readonly drift: pulumi.Output<string[]>;

  constructor(name: string, args: SwarmTrustArgs, opts?: pulumi.CustomResourceOptions) {
    const replaced = pulumi.mergeOptions({ deleteBeforeReplace: true }, opts);
    super(
      "registry-kit:nodes:SwarmTrust",
      name,
      { ...args, nodes: undefined, drift: undefined, revision: undefined },
      replaced,
    );
  }
}
