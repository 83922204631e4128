import { z } from "zod";
import { line, name, origin } from "../../components/registry/configuration/field-types.ts";
import { s3 } from "../../components/registry/stores/s3.ts";
import { bucketName } from "../../components/storage/bucket-name.ts";
import type { S3Identity } from "../../components/storage/s3-storage-args.ts";
import { authority } from "./store-settings.ts";

const { chunkSize, storageClass } = s3.schema.shape;

const webIdentity = z.strictObject({
  provider: z
    .string()
    .regex(/^arn:[\w-]+:iam::\d{12}:oidc-provider\/.+$/, "must be arn:aws:iam::<account>:oidc-provider/<issuer>")
    .describe("ARN of the account's OpenID Connect provider."),
  subject: line.describe("Subject of the token, for example system:serviceaccount:registry:registry."),
  audience: line.default("sts.amazonaws.com").describe("Audience of the token."),
});

const ownIdentity = z
  .strictObject({
    webIdentity: webIdentity.optional().describe("A role for what an OpenID Connect provider vouches for."),
    accessKey: name.optional().describe("Id of an access key that you made."),
    secretKey: name.optional().describe("Its secret.").meta({ secret: true }),
  })
  .transform(({ webIdentity, accessKey, secretKey }, context): S3Identity => {
    const refuse = (setting: string, message: string) => context.addIssue({ code: "custom", path: [setting], message });
    if (webIdentity && accessKey === undefined && secretKey === undefined) return { type: "role", user: webIdentity };
    if (webIdentity) refuse("webIdentity", "needs no access key. Leave one of them out.");
    else if (accessKey === undefined) refuse("accessKey", "is missing.");
    else if (secretKey === undefined) refuse("secretKey", "is missing.");
    else return { type: "given", accessKey, secretKey };
    return z.NEVER;
  });

const identities = {
  user: { type: "user" },
  "ec2-role": { type: "role", user: "ec2" },
  "ecs-role": { type: "role", user: "ecs" },
} as const satisfies Record<string, S3Identity>;

const identity = z
  .union([z.enum(["user", "ec2-role", "ecs-role"]).transform((kind): S3Identity => identities[kind]), ownIdentity])
  .prefault("user");

/** A bucket of Amazon S3 that the stack makes or adopts. The region and the account are those of `aws:region` and so on. */
export const awsStorageSettings = z
  .strictObject({
    bucket: bucketName
      .optional()
      .describe(
        "Name of the bucket. Default: registry-images- and a random ending. A change starts with another bucket, and keeps the old one unless destroyImages is set.",
      ),
    adopt: z
      .boolean()
      .default(false)
      .describe(
        "The bucket already exists: use it, replace its policy, lifecycle rules, encryption and so on, and never delete it.",
      ),
    prefix: line
      .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, "must be letters, digits, . _ - and single slashes in between")
      .optional()
      .describe("Folder in the bucket. A change starts with an empty registry and keeps the old folder."),
    encryption: z
      .union([
        z.enum(["s3", "kms"]),
        z.strictObject({
          kmsKeyArn: z
            .string()
            .regex(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/.+$/, "must be arn:aws:kms:<region>:<account>:key/<id>")
            .describe("ARN of a KMS key of the bucket's region."),
        }),
      ])
      .default("s3")
      .describe(
        'Encryption at rest: by "s3" with its own key, with a new KMS key for the bucket ("kms"), or with yours. A change counts for new images.',
      ),
    versioning: z
      .strictObject({
        expireAfterDays: z.int().min(1).describe("Days after which a deleted or overwritten object is gone for good."),
      })
      .optional()
      .describe("Keep deleted and overwritten objects for a time. Default: no."),
    destroyImages: z
      .boolean()
      .default(false)
      .describe(
        "Empty and delete the bucket, with its KMS key, on teardown and if you name another bucket. Run up once before it counts.",
      ),
    tags: z
      .record(z.string(), z.string())
      .default({})
      .describe("More tags for everything that the stack creates in AWS."),
    identity: identity.describe(
      'Who the registry is to AWS: a new "user" with an access key, a role for the EC2 instance ("ec2-role") or the ECS task ("ecs-role") that it runs on, or your own access key. It needs no more rights than docs/aws.md lists.',
    ),
    endpoint: origin
      .optional()
      .describe(
        "URL of an S3 other than Amazon's (an emulator), for the registry and for this machine. Default: Amazon's.",
      ),
    ...authority,
    chunkSize: chunkSize.describe("Bytes in a part of an upload. Default: 10 MiB."),
    storageClass: storageClass.describe("Storage class of new objects. Default: STANDARD."),
    accelerate: z.boolean().default(false).describe("Turn S3 Transfer Acceleration on, and use it."),
    useDualStack: z.boolean().default(false).describe("Use Amazon's endpoints for IPv4 and IPv6."),
  })
  .superRefine((given, context) => {
    const { adopt, bucket, destroyImages, accelerate, endpoint, authority } = given;
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (adopt && bucket === undefined) refuse("adopt", "is set, but no bucket is named. Name it in bucket.");
    if (adopt && destroyImages)
      refuse("destroyImages", "is set, but an adopted bucket is never deleted. Leave it out.");
    if (accelerate && bucket?.includes("."))
      refuse("accelerate", "works with buckets only that have no dot in the name.");
    if (accelerate && endpoint) refuse("accelerate", "works with Amazon's own endpoint only. Leave one of them out.");
    if (authority && !endpoint) refuse("authority", "is for an endpoint of your own only. Leave it out.");
  })
  .transform(({ chunkSize, storageClass, accelerate, useDualStack, ...rest }) => ({
    ...rest,
    driver: { chunkSize, storageClass, accelerate, useDualStack },
  }));

export type AwsStorageSettings = z.output<typeof awsStorageSettings>;
