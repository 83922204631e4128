import * as pulumi from "@pulumi/pulumi";

/**
 * A random name that a stack keeps in its state for as long as it is up. It tells the stack from one of the same project and name in
 * another backend, say in another clone: their resources have the same URNs. Made before what is marked with it, so that a run
 * that was killed goes on with the same one.
 *
 * @example
 * ```ts
 * import { StackIdentity } from "registry-kit";
 *
 * export const stack = new StackIdentity("identity").uuid;
 * ```
 */
export class StackIdentity extends pulumi.CustomResource {
  /** A UUID. */
  declare readonly uuid: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("registry-kit:nodes:StackIdentity", name, { uuid: undefined }, opts);
  }
}
