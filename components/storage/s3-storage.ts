import * as pulumi from "@pulumi/pulumi";
import { s3Storage } from "../registry/configuration/s3-storage.ts";
import type { ObjectStorage } from "../registry/registry-storage.ts";
import { makeBucket } from "./s3-bucket.ts";
import { makeIdentity } from "./s3-identity.ts";
import type { RoleUser } from "./s3-policies.ts";

/** Who the registry is to AWS. */
export type S3Identity =
  /** An IAM user of its own, with an access key. */
  | { type: "user" }
  /** A role: the registry asks the host that it runs on for credentials, and nobody holds a key. */
  | { type: "role"; user: RoleUser }
  /** An access key of your own; you give it its rights. */
  | { type: "given"; accessKey: string; secretKey: pulumi.Input<string> };

export interface S3StorageArgs {
  /** Whose bucket it is: `<project>/<stack>`; written into its tag `io.registry-kit.stack`. */
  owner: string;
  /** Name of the bucket. Default: made up, with a random ending. A change starts with another bucket. */
  bucket?: string | undefined;
  /** The bucket is there already. It is never deleted; what the kit sets on a bucket replaces what is set on it. */
  adopt?: boolean | undefined;
  /** Folder in the bucket, without slashes at its ends. Default: none. A change starts with another, empty folder. */
  prefix?: string | undefined;
  /** With S3's own key, with a KMS key made for it, or with one that is there. Counts for what is written from then on. */
  encryption?: "s3" | "kms" | { kmsKeyArn: string } | undefined;
  /** Keeps what is deleted or overwritten for so many days. Default: not at all. */
  versioning?: { expireAfterDays: number } | undefined;
  /** Empties and deletes the bucket on teardown and when another one is named. Default: false. Takes an `up` before it counts. */
  destroyImages?: boolean | undefined;
  /** More tags. */
  tags?: Record<string, string> | undefined;
  /** Default: a user of its own. */
  identity?: S3Identity | undefined;
  /** Raise it to make a new access key; the old one goes when the new one is in use. Default: 1. */
  keyGeneration?: number | undefined;
  /** URL of an S3 other than Amazon's own, for the registry and for this machine. */
  endpoint?: string | undefined;
  /** PEM of the authorities that sign the certificate of `endpoint`, for this machine; the registry needs them, too. */
  authority?: string | undefined;
  /** How the registry's driver works. */
  driver?: S3DriverOptions | undefined;
}

/** The same as in the registry's own configuration of S3. */
export interface S3DriverOptions {
  chunkSize?: number | undefined;
  storageClass?: ObjectStorageClass | undefined;
  accelerate?: boolean | undefined;
  useDualStack?: boolean | undefined;
}

type ObjectStorageClass = Extract<ObjectStorage, { driver: "s3" }>["storageClass"];

/**
 * A bucket of Amazon S3 for images, and what a registry needs to use it: nobody else's objects, no public access, no
 * ACLs, encrypted at rest, TLS only, unfinished uploads deleted after 7 days, and an identity with the rights that the
 * registry's driver needs on this bucket and prefix. The bucket and what protects it are kept on teardown, unless
 * `destroyImages` is set; the identity goes.
 *
 * Errors: a name against S3's rules at construction; a bucket that another stack owns at preview; an access key that S3
 * does not accept, at up.
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
        s3Storage.parse({
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
