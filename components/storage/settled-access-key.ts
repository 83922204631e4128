import * as pulumi from "@pulumi/pulumi";

export interface SettledAccessKeyArgs {
  accessKey: pulumi.Input<string>;
  secretKey: pulumi.Input<string | undefined>;
  /** Region of the bucket. */
  region: pulumi.Input<string>;
  /** URL of the bucket as this machine reaches it, with a slash at its end. */
  url: pulumi.Input<string>;
  /** What the names of the objects begin with; empty: anything. */
  prefix: pulumi.Input<string>;
  /** PEM of the authorities that sign the certificate at `url`, where they are not public ones. */
  authority?: pulumi.Input<string> | undefined;
}

/**
 * An access key that S3 accepts. IAM takes seconds to tell all of S3 about a new key and its rights; this asks until a few
 * answers in a row are good, so that a registry which gets its key from here never meets a refusal. A change of the key or
 * of the bucket asks again.
 *
 * Errors at up, after a minute: what S3 answered last.
 */
export class SettledAccessKey extends pulumi.CustomResource {
  /** The id of the key, known once S3 accepts it. */
  declare readonly accepted: pulumi.Output<string>;

  constructor(name: string, args: SettledAccessKeyArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "registry-kit:storage:SettledAccessKey",
      name,
      { ...args, secretKey: pulumi.secret(args.secretKey), accepted: undefined },
      opts,
    );
  }
}
