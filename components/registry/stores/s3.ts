import { z } from "zod";
import { count, credential, line, origin, secret } from "../configuration/field-types.ts";
import type { YamlMap } from "../configuration/render-yaml.ts";
import { s3BucketName } from "./s3-bucket-name.ts";
import { defineStore, type StorageStep } from "./store-kind.ts";

const megabyte = 1024 * 1024;
const smallestPart = 5 * megabyte;
const largestPart = 5 * 1024 * megabyte;

const part = z
  .int()
  .min(smallestPart, { error: `must be at least ${smallestPart} bytes (5 MiB)` })
  .max(largestPart, { error: `must be at most ${largestPart} bytes (5 GiB)` });

/**
 * The options of Amazon S3 and what speaks its protocol. With a `regionEndpoint`, `forcePathStyle` is on, and `encrypt` and the
 * redirect of pulls are off unless said otherwise: Distribution 3 no longer infers the first, and such servers often
 * have no key management and are out of the clients' reach.
 */
const options = {
  bucket: s3BucketName.describe("Name of the bucket."),
  region: line.describe("Region of the bucket, e.g. eu-central-1. With a regionEndpoint: what the server expects."),
  regionEndpoint: origin.optional().describe("URL of a server that speaks S3's protocol; default: Amazon's."),
  accessKey: credential.optional().describe("Access key; default: the AWS credential chain, e.g. a role."),
  secretKey: credential.optional().describe("Secret key of the access key.").meta(secret),
  sessionToken: credential
    .optional()
    .describe(
      "Session token, if the access key expires. A change restarts the registry; a first one replaces the container.",
    )
    .meta(secret),
  profile: line
    .optional()
    .describe(
      "Profile in ~/.aws/credentials on the machine that runs the kit. Its keys are read at every preview and up.",
    ),
  rootDirectory: line
    // The driver puts it into the header of a copy as it is (CopySource, distribution 3.1), which servers decode as a path: what
    // stands for something else there, or for itself only when encoded (RFC 3986, pchar; S3 reads + as a space), ends every push.
    .regex(
      /^\/?[A-Za-z0-9._~!$&'()*,;=:@-]+(\/[A-Za-z0-9._~!$&'()*,;=:@-]+)*\/?$/,
      "must be letters, digits, the signs . _ ~ ! $ & ' ( ) * , ; = : @ - and single slashes in between",
    )
    .refine((path) => !path.split("/").some((part) => part === "." || part === ".."), 'must not have "." or ".." in it')
    .optional()
    .describe("Prefix of all keys in the bucket; default none."),
  forcePathStyle: z
    .boolean()
    .optional()
    .describe("Bucket in the path, not in the host; default true with a regionEndpoint."),
  encrypt: z.boolean().optional().describe("Encryption by the server; default true, false with a regionEndpoint."),
  keyId: line.optional().describe("KMS key for the encryption; default: S3's own key."),
  secure: z.boolean().default(true).describe("HTTPS to the server if the regionEndpoint has no scheme; default true."),
  skipVerify: z.boolean().default(false).describe("Accepts any certificate of the server; default false."),
  v4Auth: z.boolean().default(true).describe("Signature version 4; default true. False only for old servers."),
  chunkSize: part.optional().describe("Bytes in a part of an upload; default 10 MiB."),
  multipartCopyChunkSize: part.optional().describe("Bytes in a part of a copy; default 32 MiB."),
  multipartCopyMaxConcurrency: count(1).optional().describe("Parts copied at once; default 100."),
  multipartCopyThresholdSize: count(0)
    .max(largestPart)
    .optional()
    .describe("Bytes from which a copy is done in parts; default 32 MiB."),
  storageClass: z
    .enum([
      "NONE",
      "STANDARD",
      "REDUCED_REDUNDANCY",
      "STANDARD_IA",
      "ONEZONE_IA",
      "INTELLIGENT_TIERING",
      "OUTPOSTS",
      "GLACIER_IR",
      "EXPRESS_ONEZONE",
    ])
    .optional()
    .describe("Storage class of new objects, NONE for servers without classes; default STANDARD."),
  objectAcl: z
    .enum([
      "private",
      "public-read",
      "public-read-write",
      "authenticated-read",
      "aws-exec-read",
      "bucket-owner-read",
      "bucket-owner-full-control",
    ])
    .optional()
    .describe("Canned ACL of new objects; default private."),
  userAgent: line.optional().describe("Added to the User-Agent of requests to the server; default none."),
  useDualStack: z.boolean().default(false).describe("Amazon's endpoints for IPv4 and IPv6; default false."),
  accelerate: z.boolean().default(false).describe("S3 Transfer Acceleration; default false."),
  useFipsEndpoint: z.boolean().default(false).describe("Amazon's FIPS endpoints; default false."),
  redirectEndpoint: origin.optional().describe("URL that clients are redirected to in place of the server's own."),
  logLevel: z
    .enum([
      "off",
      "debug",
      "debugwithsigning",
      "debugwithhttpbody",
      "debugwithrequestretries",
      "debugwithrequesterrors",
      "debugwitheventstreambody",
    ])
    .default("off")
    .describe(
      "What the S3 client logs; default off (debugwithsigning and debugwithhttpbody show credentials and data).",
    ),
};

type S3Options = z.output<z.ZodObject<typeof options>>;

/** Options that are each allowed but don't go together. */
function rules({ value: s3, issues }: z.core.ParsePayload<S3Options>): void {
  const problem = (key: keyof S3Options | undefined, message: string) =>
    issues.push({ code: "custom", path: key ? [key] : [], message, input: s3 });
  const { accessKey, secretKey, regionEndpoint, region } = s3;
  if ((accessKey === undefined) !== (secretKey === undefined)) {
    problem(undefined, "needs accessKey and secretKey together, or neither for the AWS credential chain");
  }
  if (s3.sessionToken !== undefined && accessKey === undefined) {
    problem("sessionToken", "belongs to an access key: give accessKey and secretKey, too");
  }
  if (s3.profile !== undefined && accessKey !== undefined) {
    problem("profile", "names the keys, and accessKey is one: leave one of them out");
  }
  if (!s3.v4Auth && (regionEndpoint === undefined || regionEndpoint.includes("s3.amazonaws.com"))) {
    problem("v4Auth", "can be false only with the regionEndpoint of a server that isn't Amazon's");
  }
  if (regionEndpoint === undefined && !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) {
    problem("region", 'must be a region of Amazon such as "eu-central-1", as there is no regionEndpoint');
  }
  if (!s3.secure && !regionEndpoint?.startsWith("http://")) {
    problem(
      "secure",
      "is false, but the scheme of regionEndpoint decides: for a server without TLS write http:// there, and leave secure out",
    );
  }
  for (const key of ["accelerate", "useDualStack", "useFipsEndpoint"] as const) {
    if (s3[key] && regionEndpoint !== undefined)
      problem(key, "is for Amazon's own endpoints: leave regionEndpoint out");
  }
  if (s3.accelerate && (s3.forcePathStyle || s3.bucket.includes("."))) {
    problem("accelerate", "needs a bucket without dots in its name, and no forcePathStyle");
  }
  if (s3.keyId !== undefined && !(s3.encrypt ?? regionEndpoint === undefined)) {
    problem("keyId", "has no effect without encryption: set encrypt to true");
  }
}

function parameters(s3: S3Options): YamlMap {
  const amazon = s3.regionEndpoint === undefined;
  // With a session token the keys are in a file, as the driver has no parameter for it.
  const hasKeys = s3.sessionToken === undefined;
  return {
    accelerate: s3.accelerate,
    accesskey: hasKeys ? s3.accessKey : undefined,
    bucket: s3.bucket,
    chunksize: s3.chunkSize,
    encrypt: s3.encrypt ?? amazon,
    forcepathstyle: s3.forcePathStyle ?? !amazon,
    keyid: s3.keyId,
    loglevel: s3.logLevel,
    multipartcopychunksize: s3.multipartCopyChunkSize,
    multipartcopymaxconcurrency: s3.multipartCopyMaxConcurrency,
    multipartcopythresholdsize: s3.multipartCopyThresholdSize,
    objectacl: s3.objectAcl,
    redirectendpoint: s3.redirectEndpoint,
    region: s3.region,
    regionendpoint: s3.regionEndpoint,
    rootdirectory: s3.rootDirectory,
    secretkey: hasKeys ? s3.secretKey : undefined,
    secure: s3.secure,
    skipverify: s3.skipVerify,
    storageclass: s3.storageClass,
    usedualstack: s3.useDualStack,
    usefipsendpoint: s3.useFipsEndpoint,
    useragent: s3.userAgent,
    v4auth: s3.v4Auth,
  };
}

/**
 * The permission that each step needs first: with one of them missing, that step is the first to fail. Found with
 * distribution 3.1.2 by taking each away; s3:AbortMultipartUpload and s3:GetBucketLocation fail none of them.
 */
const permissions: Record<StorageStep, string> = {
  look: "s3:GetObject on the objects, or s3:ListBucket on the bucket",
  begin: "s3:PutObject on the objects",
  append: "s3:ListBucketMultipartUploads on the bucket, or s3:ListMultipartUploadParts on the objects",
  finish: "s3:ListBucket on the bucket, or s3:DeleteObject on the objects",
  read: "s3:GetObject on the objects",
};

/** Amazon S3, and what speaks its protocol. */
export const s3 = defineStore({
  driver: "s3",
  title: "Amazon S3, or a server with its protocol.",
  description: "A bucket of Amazon S3, or of a server with its protocol. It must exist, and is never removed.",
  options,
  rules,
  parameters,
  place: ({ bucket }) => `s3 bucket ${bucket}`,
  server: ({ regionEndpoint }) => regionEndpoint,
  clientsReach: ({ regionEndpoint, redirectEndpoint }) =>
    regionEndpoint === undefined || redirectEndpoint !== undefined,
  secrets: ({ secretKey, sessionToken }) => [secretKey, sessionToken],
  errors: {
    prefix: "s3aws",
    reasons: [
      [/NoSuchBucket/, "there is no such bucket; create it, or correct the setting bucket"],
      [/InvalidAccessKeyId/, "the store does not know this access key; correct storage.s3.accessKey"],
      [/SignatureDoesNotMatch/, "the secret key does not belong to the access key; correct storage.s3.secretKey"],
      [
        /AuthorizationHeaderMalformed|BucketRegionError|PermanentRedirect/,
        "the bucket is in another storage.s3.region",
      ],
      [
        /NoCredentialProviders/,
        "there are no credentials; set storage.s3.accessKey and secretKey, or give the host a role",
      ],
    ],
    permissions,
  },
});

export type S3Storage = z.output<typeof s3.schema>;
