/** A policy document of AWS; every part in the order in which it is written. */
export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal?: "*" | Record<string, string>;
  Action: string | readonly string[];
  Resource?: string | readonly string[];
  Condition?: Record<string, Record<string, string>>;
}

export interface RegistryPolicyArgs {
  /** ARN of the bucket. */
  bucketArn: string;
  /** The driver's root directory, without slashes at its ends; undefined: the whole bucket. */
  prefix?: string | undefined;
  /** ARN of the key that the bucket is encrypted with; undefined: S3's own. */
  kmsKeyArn?: string | undefined;
}

/**
 * What the S3 driver of Distribution 3.1 does, on one bucket and prefix, and nothing else. Source: the calls of its
 * `registry/storage/driver/s3-aws/s3.go`; `s3:GetBucketLocation`, which its documentation asks for too, is not among them.
 */
export function registryPolicy({ bucketArn, prefix, kmsKeyArn }: RegistryPolicyArgs): PolicyDocument {
  const objects = `${bucketArn}/${prefix === undefined ? "*" : `${prefix}/*`}`;
  return document([
    {
      Sid: "ListObjects",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: bucketArn,
      // A GET of an object that is not there asks for this right without a prefix; refused, it would be 403 instead of 404.
      ...(prefix === undefined ? {} : { Condition: { StringLikeIfExists: { "s3:prefix": `${prefix}/*` } } }),
    },
    // S3 has no condition on the prefix of this one: it tells the names of unfinished uploads in the bucket.
    { Sid: "ListUploads", Effect: "Allow", Action: ["s3:ListBucketMultipartUploads"], Resource: bucketArn },
    {
      Sid: "UseObjects",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:ListMultipartUploadParts",
        "s3:AbortMultipartUpload",
      ],
      Resource: objects,
    },
    ...(kmsKeyArn === undefined
      ? []
      : ([
          { Sid: "UseKey", Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: kmsKeyArn },
        ] as const)),
  ]);
}

/** The policy of a bucket that nobody may use over plain HTTP. */
export function plainHttpDenied(bucketArn: string): PolicyDocument {
  return document([
    {
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

/** Who may take on a role: EC2 instances, tasks of ECS, or what an OpenID Connect provider vouches for. */
export type RoleUser = "ec2" | "ecs" | WebIdentity;

export interface WebIdentity {
  /** ARN of the account's OpenID Connect provider: `arn:aws:iam::<account>:oidc-provider/<issuer>`. */
  provider: string;
  /** The subject of the token, for example `system:serviceaccount:registry:registry`. */
  subject: string;
  /** The audience of the token. */
  audience: string;
}

/** The trust policy of a role. */
export function trustPolicy(user: RoleUser): PolicyDocument {
  if (typeof user === "string") {
    const Service = user === "ec2" ? "ec2.amazonaws.com" : "ecs-tasks.amazonaws.com";
    return document([{ Sid: "AssumeRole", Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }]);
  }
  const { provider, subject, audience } = user;
  const issuer = provider.slice(provider.indexOf("/") + 1);
  return document([
    {
      Sid: "AssumeRole",
      Effect: "Allow",
      Principal: { Federated: provider },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subject } },
    },
  ]);
}

function document(statements: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}
