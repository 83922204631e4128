import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import type { RegistryOptionsInput } from "../registry/configuration/registry-options.ts";
import type { containerInputs } from "../registry/container-inputs.ts";
import type { Image } from "../registry/image.ts";
import type { OutgoingProxy } from "../registry/proxy-variables.ts";
import type { RegistryStorage } from "../registry/registry-storage.ts";
import type { serviceInputs } from "../registry/service-inputs.ts";
import type { Htpasswd, UserArgs } from "../users/htpasswd.ts";
import type { IssuedTls } from "./certificates.ts";
import type { registryInputs } from "./registry-inputs.ts";

/** A certificate of your own: a `ServerCertificate`, a `ProvidedCertificate`, or PEM text. */
export interface GivenTls {
  /** The server's certificate, then those of its issuers, nearest first; PEM. A change restarts the registry in place. */
  chainPem: pulumi.Input<string>;
  /** Its key, PEM, not encrypted; kept as a secret. */
  privateKeyPem: pulumi.Input<string>;
  /** What clients have to trust, PEM. A change rewrites the files of every node. */
  authorityCertificatePem: pulumi.Input<string>;
  /** When the certificate ends, ISO 8601: for the output `certificateExpires`. */
  notAfter?: pulumi.Input<string> | undefined;
  /** Every client must show a certificate of one of these authorities, PEM. A first one replaces the container. */
  clientAuthoritiesPem?: pulumi.Input<string> | undefined;
}

/** Where clients learn to trust the registry: {@link RegistryArgs.trust}. */
export type RegistryTrust = z.input<NonNullable<(typeof registryInputs)["shape"]["trust"]>>;

export interface RegistryArgs {
  /**
   * The names and addresses by which clients reach the registry, at least one, without scheme and port. A change issues a new
   * certificate and restarts the registry in place. Plain with `tls: "none"`, where they decide whether daemons must be told.
   */
  hosts: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Name of the container or service; the names of its other Docker objects begin with it. A change replaces them, and keeps the images.
   * @default the name of this resource
   */
  name?: pulumi.Input<string>;
  /**
   * Port on the Docker host, 1 to 65535. A change replaces the container.
   * @default 5000
   */
  port?: pulumi.Input<number>;
  /**
   * Address of the Docker host to publish the port on. A change replaces the container.
   * @default a loopback address if every host is a loopback name, `::` if every host is an IPv6 address, else `0.0.0.0`
   */
  address?: pulumi.Input<string>;
  /**
   * The registry's image with its version. A change replaces the container, not the images in it.
   * @default "registry:3.1.2"
   */
  image?: Image;
  /**
   * Its certificate: what to issue by an authority of its own, a certificate of yours, or `"none"` for plain HTTP. Which of the three
   * it is must be plain.
   * @default an authority (`NAME-authority`) and a server certificate (`NAME-certificate`) with ECDSA keys
   */
  tls?: "none" | (IssuedTls & { clientAuthoritiesPem?: pulumi.Input<string> | undefined }) | GivenTls;
  /**
   * Who can push and pull: a map from name to `password`, `generated` or `hash`; an `Htpasswd` of yours; or `"none"`: everyone. The
   * names must be plain. A change restarts nothing.
   * @default { moby: { generated: true } }
   */
  users?: "none" | Record<string, UserArgs> | Htpasswd;
  /**
   * A finished htpasswd file with bcrypt hashes instead of `users`; kept as a secret. A change restarts nothing.
   * @default made from `users`
   */
  htpasswd?: pulumi.Input<string>;
  /**
   * Where images live: a volume, a folder of the Docker host, or object storage. Which of them must be plain.
   * @default the volume `<name of this resource>-data`, kept on teardown
   */
  storage?: RegistryStorage;
  /**
   * How the container runs; plain.
   * @default {}: user 10001:10001 on a network of its own, 1024 MiB, 512 processes, no capabilities
   */
  container?: z.input<typeof containerInputs>;
  /**
   * Runs the registry as a service of a Docker swarm instead; plain. `{}` takes all defaults.
   * @default a container
   */
  service?: z.input<typeof serviceInputs>;
  /**
   * The swarm that the service runs in; plain.
   * @default the one that the Docker host manages
   */
  swarm?: { initialize?: boolean | undefined; advertiseAddress?: string | undefined };
  /**
   * The registry's own configuration; plain. A change restarts the registry in place.
   * @default {}: secure values for all of them
   */
  registry?: RegistryOptionsInput;
  /**
   * The proxy through which the registry reaches stores and web hooks; plain. A change replaces the container.
   * @default none
   */
  proxy?: Partial<OutgoingProxy>;
  /**
   * Which clients trust the registry: `"local"`, those of this machine; `"swarm"`, all nodes of the swarm; `"none"`; or a section that
   * names clients and nodes. Plain.
   * @default "local"
   */
  trust?: RegistryTrust;
  /**
   * The Docker engine that runs the registry; plain. With `url`, the registry makes a provider of `@pulumi/docker` for it, unless you
   * give one in `providers`.
   * @default the one that the docker command uses
   */
  dockerHost?: DockerHost;
  /**
   * Names of existing networks to join, too; how many there are must be plain. A change replaces the container.
   * @default []
   */
  networks?: pulumi.Input<string>[];
}
