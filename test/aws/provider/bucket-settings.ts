import {
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import type { BucketLifecycleConfigurationArgs } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import type { BucketOwnershipControlsArgs } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import type { BucketPolicyArgs } from "@pulumi/aws/s3/bucketPolicy.js";
import type { BucketPublicAccessBlockArgs } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import type { BucketServerSideEncryptionConfigurationArgs } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import type { BucketVersioningArgs } from "@pulumi/aws/s3/bucketVersioning.js";
import type { PropertyMap, PropertyValue } from "../../../lib/protocol/property-value.ts";
import type { AwsType } from "./aws-type.ts";

/** The types that set one thing on a bucket: their id is the bucket's name. */
export const bucketSettings: AwsType[] = [
  setting<BucketPublicAccessBlockArgs>(
    "BucketPublicAccessBlock",
    ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
    (s3, Bucket, { bucket: _, ...given }) =>
      s3.send(
        new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: capitalized(given) as object }),
      ),
    (s3, Bucket) => s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
  ),
  setting<BucketOwnershipControlsArgs>(
    "BucketOwnershipControls",
    ["rule"],
    (s3, Bucket, { rule }) =>
      s3.send(
        new PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: { Rules: [capitalized(rule) as { ObjectOwnership: "BucketOwnerEnforced" }] },
        }),
      ),
    (s3, Bucket) => s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket })),
  ),
  setting<BucketServerSideEncryptionConfigurationArgs>(
    "BucketServerSideEncryptionConfiguration",
    ["rules"],
    (s3, Bucket, { rules }) =>
      s3.send(
        new PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: (rules as PropertyMap[]).map(
              ({ applyServerSideEncryptionByDefault, bucketKeyEnabled }): ServerSideEncryptionRule => {
                const { sseAlgorithm, kmsMasterKeyId } = applyServerSideEncryptionByDefault as Record<string, string>;
                return {
                  ApplyServerSideEncryptionByDefault: {
                    SSEAlgorithm: sseAlgorithm as "AES256",
                    KMSMasterKeyID: kmsMasterKeyId,
                  },
                  BucketKeyEnabled: bucketKeyEnabled === true,
                };
              },
            ),
          },
        }),
      ),
    (s3, Bucket) => s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
  ),
  setting<BucketPolicyArgs>(
    "BucketPolicy",
    ["policy"],
    (s3, Bucket, { policy }) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: String(policy) })),
    (s3, Bucket) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
  ),
  setting<BucketVersioningArgs>(
    "BucketVersioning",
    ["versioningConfiguration"],
    (s3, Bucket, { versioningConfiguration }) =>
      s3.send(
        new PutBucketVersioningCommand({
          Bucket,
          VersioningConfiguration: capitalized(versioningConfiguration) as { Status: "Enabled" },
        }),
      ),
    (s3, Bucket) =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } })),
  ),
  setting<BucketLifecycleConfigurationArgs>(
    "BucketLifecycleConfiguration",
    ["rules"],
    (s3, Bucket, { rules }) =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: {
            Rules: (rules as PropertyMap[]).map(
              ({ id, ...rule }) => ({ ID: id, ...(capitalized(rule) as object) }) as LifecycleRule,
            ),
          },
        }),
      ),
    (s3, Bucket) => s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
  ),
];

function setting<Args extends { bucket: unknown }>(
  name: string,
  inputs: readonly (keyof Args & string)[],
  put: (s3: S3Client, bucket: string, inputs: PropertyMap) => Promise<unknown>,
  remove: (s3: S3Client, bucket: string) => Promise<unknown>,
): AwsType<Args> {
  return {
    token: `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
    inputs: ["bucket", ...inputs],
    required: ["bucket", ...inputs],
    computed: [],
    replaceOn: ["bucket"],
    async create({ s3 }, given) {
      const id = String(given.bucket);
      await put(s3, id, given);
      return { id, outputs: {} };
    },
    async update({ s3 }, id, given) {
      await put(s3, id, given);
    },
    async delete({ s3 }, id) {
      await remove(s3, id).catch((error: Error) => {
        if (error.name !== "NoSuchBucket") throw error;
      });
    },
  };
}

/** The names of the SDK begin with a capital letter where those of Pulumi don't. */
function capitalized(value: PropertyValue | undefined): PropertyValue {
  if (Array.isArray(value)) return value.map(capitalized);
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), capitalized(inner)]),
  );
}
