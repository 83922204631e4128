import { Key } from "@pulumi/aws/kms/key.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketAccelerateConfiguration } from "@pulumi/aws/s3/bucketAccelerateConfiguration.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import * as pulumi from "@pulumi/pulumi";
import { Refusal } from "../../lib/validation/refusal.ts";
import { ownerOf, ownerTag } from "./bucket-owner.ts";
import { plainHttpDenied } from "./s3-policies.ts";
import type { S3StorageArgs } from "./s3-storage-args.ts";

/** What the rest of the storage needs of its bucket. */
export interface ReadyBucket {
  name: pulumi.Output<string>;
  arn: pulumi.Output<string>;
  region: pulumi.Output<string>;
  /** Host name of the bucket at Amazon. */
  host: pulumi.Output<string>;
  /** Undefined: encrypted with S3's own key. */
  kmsKeyArn: pulumi.Input<string> | undefined;
}

/** Days after which S3 deletes the parts of an upload that nobody finished; the registry leaves such parts behind. */
const uploadDays = 7;

/** Makes or adopts the bucket, and everything that protects it. */
export function makeBucket(name: string, args: S3StorageArgs, opts: pulumi.CustomResourceOptions): ReadyBucket {
  // What protects the images stays as long as they do.
  const kept = { ...opts, retainOnDelete: !args.destroyImages };
  const bucket = args.adopt ? adoptedBucket(name, args, opts) : ownBucket(name, args, kept);
  const place = { bucket: bucket.name };

  const access = new BucketPublicAccessBlock(
    `${name}-public-access`,
    {
      ...place,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    kept,
  );
  new BucketOwnershipControls(
    `${name}-ownership`,
    { ...place, rule: { objectOwnership: "BucketOwnerEnforced" } },
    kept,
  );
  const kmsKeyArn = encryptionKey(`${name}-key`, args, kept);
  new BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      ...place,
      rules: [
        kmsKeyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
              // One key of the bucket for many objects: a request to KMS now and then instead of one for each.
              bucketKeyEnabled: true,
            },
      ],
    },
    kept,
  );
  new BucketPolicy(
    `${name}-policy`,
    { ...place, policy: bucket.arn.apply((arn) => JSON.stringify(plainHttpDenied(arn))) },
    // S3 answers 409 to a policy and a block of public access that come at the same time.
    { ...kept, dependsOn: access },
  );
  const { versioning } = args;
  const versions = versioning
    ? // Not kept: without it a bucket stops making versions, and keeps those that it has.
      [new BucketVersioning(`${name}-versioning`, { ...place, versioningConfiguration: { status: "Enabled" } }, opts)]
    : [];
  new BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { ...place, rules: lifecycleRules(args) },
    { ...kept, dependsOn: versions },
  );
  if (args.driver?.accelerate) {
    new BucketAccelerateConfiguration(`${name}-acceleration`, { ...place, status: "Enabled" }, kept);
  }
  return { ...bucket, kmsKeyArn };
}

type Place = Omit<ReadyBucket, "kmsKeyArn">;

function ownBucket(name: string, args: S3StorageArgs, opts: pulumi.CustomResourceOptions): Place {
  const { bucket: given, destroyImages = false, tags = {}, owner } = args;
  const bucket = new Bucket(
    name,
    {
      // Without a name the provider makes one up, with a random ending.
      ...(given === undefined ? {} : { bucket: given }),
      forceDestroy: destroyImages,
      tags: { ...tags, [ownerTag]: owner },
    },
    opts,
  );
  return { name: bucket.bucket, arn: bucket.arn, region: bucket.region, host: bucket.bucketRegionalDomainName };
}

/** A bucket that is there already: looked at, so never deleted. Whose it is must be known before anything is set on it. */
function adoptedBucket(name: string, { bucket: given, owner }: S3StorageArgs, opts: pulumi.ResourceOptions): Place {
  if (given === undefined) {
    throw new pulumi.InputPropertyError({ propertyPath: "bucket", reason: "is missing: name the bucket to adopt." });
  }
  const bucket = Bucket.get(name, given, undefined, opts);
  const known = pulumi.all([bucket.bucket, bucket.tags]).apply(([id, tags]) => {
    const other = ownerOf(tags);
    if (other !== undefined && other !== owner) {
      throw new Refusal(
        `The bucket "${id}" belongs to the stack ${other}: its tag ${ownerTag} says so, and this is the stack ${owner}. ` +
          "Name another bucket, or remove the tag if that stack is gone.",
      );
    }
    return id;
  });
  return {
    name: known,
    arn: pulumi.all([known, bucket.arn]).apply(([, arn]) => arn),
    region: bucket.region,
    host: bucket.bucketRegionalDomainName,
  };
}

function encryptionKey(
  name: string,
  { encryption = "s3", owner, tags = {} }: S3StorageArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Input<string> | undefined {
  if (encryption === "s3") return undefined;
  if (encryption !== "kms") return encryption.kmsKeyArn;
  const key = new Key(
    name,
    {
      description: `Images of the registry ${owner}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: { ...tags, [ownerTag]: owner },
    },
    opts,
  );
  return key.arn;
}

function lifecycleRules({ prefix, versioning }: S3StorageArgs) {
  const rule = { status: "Enabled", filter: { prefix: prefix === undefined ? "" : `${prefix}/` } };
  return [
    { id: "abort-unfinished-uploads", ...rule, abortIncompleteMultipartUpload: { daysAfterInitiation: uploadDays } },
    ...(versioning
      ? [
          {
            id: "expire-old-versions",
            ...rule,
            noncurrentVersionExpiration: { noncurrentDays: versioning.expireAfterDays },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ]
      : []),
  ];
}
