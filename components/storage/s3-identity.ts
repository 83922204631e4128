import { AccessKey } from "@pulumi/aws/iam/accessKey.js";
import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { User } from "@pulumi/aws/iam/user.js";
import { UserPolicy } from "@pulumi/aws/iam/userPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { ownerTag } from "./bucket-owner.ts";
import type { ReadyBucket } from "./s3-bucket.ts";
import { registryPolicy, trustPolicy } from "./s3-policies.ts";
import type { S3StorageArgs } from "./s3-storage-args.ts";
import { SettledAccessKey } from "./settled-access-key.ts";

/** What a registry signs its requests with. */
export interface MadeIdentity {
  /** Undefined with a role: the registry asks the host for credentials. */
  credentials?: pulumi.Output<{ accessKey: string; secretKey: string }>;
  roleArn?: pulumi.Output<string>;
  /** Name of the instance profile to give to the EC2 instance; only for "ec2". */
  instanceProfile?: pulumi.Output<string>;
}

/** IAM's own folder of users and roles, so that they are found. */
const path = "/registry-kit/";

/** Makes the user or role that the settings ask for; credentials that are given are used as they are. */
export function makeIdentity(
  name: string,
  args: S3StorageArgs,
  bucket: ReadyBucket,
  opts: pulumi.CustomResourceOptions,
): MadeIdentity {
  const { identity = { type: "user" }, owner, tags = {}, prefix } = args;
  if (identity.type === "given") {
    const { accessKey, secretKey } = identity;
    return { credentials: pulumi.output({ accessKey, secretKey: pulumi.secret(secretKey) }) };
  }
  const named = { path, tags: { ...tags, [ownerTag]: owner } };
  const policy = pulumi
    .all([bucket.arn, bucket.kmsKeyArn])
    .apply(([bucketArn, kmsKeyArn]) => JSON.stringify(registryPolicy({ bucketArn, kmsKeyArn, prefix })));
  if (identity.type === "role") {
    const role = new Role(
      `${name}-role`,
      { ...named, assumeRolePolicy: JSON.stringify(trustPolicy(identity.user)) },
      opts,
    );
    new RolePolicy(`${name}-role-policy`, { role: role.name, policy }, opts);
    if (identity.user !== "ec2") return { roleArn: role.arn };
    const profile = new InstanceProfile(`${name}-instance-profile`, { ...named, role: role.name }, opts);
    return { roleArn: role.arn, instanceProfile: profile.name };
  }
  const user = new User(
    `${name}-user`,
    // It goes with keys that no state knows: a run that is killed while it makes one leaves it. Users that exist stay as they are.
    { ...named, forceDestroy: true },
    { ...opts, ignoreChanges: ["forceDestroy"] },
  );
  const rights = new UserPolicy(`${name}-user-policy`, { user: user.name, policy }, opts);
  // One resource a generation: the next key is made and in use before the end of the run, when the last one goes.
  const key = new AccessKey(`${name}-access-key-${args.keyGeneration ?? 1}`, { user: user.name }, opts);
  const settled = new SettledAccessKey(
    `${name}-settled-key`,
    {
      accessKey: key.id,
      secretKey: key.secret,
      region: bucket.region,
      url: bucketUrl(args, bucket),
      prefix: prefix === undefined ? "" : `${prefix}/`,
      ...(args.authority === undefined ? {} : { authority: args.authority }),
    },
    { ...opts, dependsOn: rights },
  );
  const credentials = pulumi.all([settled.accepted, key.secret]);
  return { credentials: credentials.apply(([accessKey, secretKey]) => ({ accessKey, secretKey })) };
}

function bucketUrl({ endpoint }: S3StorageArgs, { name, host }: ReadyBucket): pulumi.Output<string> {
  return endpoint === undefined ? pulumi.interpolate`https://${host}/` : pulumi.interpolate`${endpoint}/${name}/`;
}
