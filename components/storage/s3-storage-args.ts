import type * as pulumi from "@pulumi/pulumi";
import type { ObjectStorage } from "../registry/stores/stores.ts";
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
