import * as pulumi from "@pulumi/pulumi";
import { sha256 } from "../../lib/files/sha256.ts";

export interface ContentNameArgs {
  /** What the name begins with, for example `registry-htpasswd`. A change makes another name. */
  prefix: pulumi.Input<string>;
  /**
   * The content to name. 48 bits of its SHA-256 are seen in the name: it must hold 128 bits that nobody can guess
   * (a key, a salted hash), or be public.
   */
  content: pulumi.Input<string>;
}

/**
 * The name of a swarm secret or config with this content: `<prefix>-<first 12 digits of its SHA-256>`. Swarm objects can't
 * be changed, so another content needs another name, which must be there before the service moves to it.
 *
 * Content that comes back, as when a failed update is taken back, gets `-2`, `-3` and so on: its former object still waits for
 * its removal then, and would be in the way.
 */
export class ContentName extends pulumi.CustomResource {
  /** Not secret. */
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, { prefix, content }: ContentNameArgs, opts?: pulumi.CustomResourceOptions) {
    const digest = pulumi.secret(content).apply((text) => sha256(text));
    super("registry-kit:swarm:ContentName", name, { prefix, digest, value: undefined, taken: undefined }, opts);
  }
}
