import * as pulumi from "@pulumi/pulumi";
import { s3 } from "../registry/stores/s3.ts";
import type { ObjectStorage } from "../registry/stores/stores.ts";
import { makeBucket } from "./s3-bucket.ts";
import { makeIdentity } from "./s3-identity.ts";
import type { S3StorageArgs } from "./s3-storage-args.ts";

/**
 * A bucket of Amazon S3 for images, and what a registry needs to use it: nobody else's objects, no public access, no
 * ACLs, encrypted at rest, TLS only, unfinished uploads deleted after 7 days, and an identity with the rights that the
 * registry's driver needs on this bucket and prefix. The bucket and what protects it are kept on teardown, unless
 * `destroyImages` is set; the identity goes.
 *
 * Errors: a name against S3's rules at construction; a bucket that another stack owns at preview; an access key that S3
 * does not accept, at up.
 *
 * @example
 * ```ts
 * import { Registry } from "registry-kit";
 * import { S3Storage } from "registry-kit/aws";
 *
 * const images = new S3Storage("images", { owner: "team/production", versioning: { expireAfterDays: 30 } });
 * new Registry("registry", { hosts: ["registry.example.com"], storage: { objects: images.storage } });
 * ```
 */
export class S3Storage extends pulumi.ComponentResource {
  /** For `RegistryContainer` and `RegistryService`. Secret, as it holds the secret key where there is one. */
  readonly storage: pulumi.Output<ObjectStorage>;
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;
  /** The role to run the registry with; undefined with an access key. */
  readonly roleArn: pulumi.Output<string> | undefined;
  /** The instance profile to give to the EC2 instance; only for the role of "ec2". */
  readonly instanceProfile: pulumi.Output<string> | undefined;

  constructor(name: string, args: S3StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("registry-kit:storage:S3Storage", name, {}, opts);
    const child = { parent: this };
    const bucket = makeBucket(name, args, child);
    const identity = makeIdentity(name, args, bucket, child);

    this.storage = pulumi.secret(
      pulumi.all([bucket.name, bucket.region, identity.credentials]).apply(([bucketName, region, credentials]) =>
        s3.schema.parse({
          driver: "s3",
          bucket: bucketName,
          region,
          ...credentials,
          ...defined({ ...args.driver, regionEndpoint: args.endpoint, rootDirectory: args.prefix }),
          // The bucket's own encryption counts. Asked for by the driver, it would be another key in places.
          encrypt: false,
        }),
      ),
    );
    this.bucket = bucket.name;
    this.roleArn = identity.roleArn;
    this.instanceProfile = identity.instanceProfile;
    this.registerOutputs({
      storage: this.storage,
      bucket: this.bucket,
      roleArn: this.roleArn,
      instanceProfile: this.instanceProfile,
    });
  }
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
