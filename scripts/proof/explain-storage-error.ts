/** What the registry was asked for when its storage refused. */
export type StorageStep = "look" | "begin" | "append" | "finish" | "read";

/**
 * The permissions of S3 that each step needs first: with one of them missing, that step is the first to fail. Found with
 * distribution 3.1.2 by taking each away; s3:AbortMultipartUpload and s3:GetBucketLocation fail none of them.
 */
const permissions: Record<StorageStep, string> = {
  look: "s3:GetObject on the objects, or s3:ListBucket on the bucket",
  begin: "s3:PutObject on the objects",
  append: "s3:ListBucketMultipartUploads on the bucket, or s3:ListMultipartUploadParts on the objects",
  finish: "s3:ListBucket on the bucket, or s3:DeleteObject on the objects",
  read: "s3:GetObject on the objects",
};

type Advice = string | ((step: StorageStep, detail: string) => string);

const reach = "the Docker host does not reach the store; see its address in the settings, and firewalls";

/** What a driver's error means; the first that fits. */
const reasons: [RegExp, Advice][] = [
  [/NoSuchBucket|googleapi: Error 404/, "there is no such bucket; create it, or correct the setting bucket"],
  [/ContainerNotFound/, "there is no such container; create it, or correct storage.azure.container"],
  [/InvalidAccessKeyId/, "the store does not know this access key; correct storage.s3.accessKey"],
  [/SignatureDoesNotMatch/, "the secret key does not belong to the access key; correct storage.s3.secretKey"],
  [
    /RequestTimeTooSkewed|not yet valid|reasonable timeframe|Request date header too old/,
    "the clocks of the Docker host and of the store differ too much; set them by NTP",
  ],
  [/AuthorizationHeaderMalformed|BucketRegionError|PermanentRedirect/, "the bucket is in another storage.s3.region"],
  [
    /NoCredentialProviders/,
    "there are no credentials; set storage.s3.accessKey and secretKey, or give the host a role",
  ],
  [
    /AuthenticationFailed|AuthorizationFailure/,
    "the store refuses the credentials; correct storage.azure.accountKey, or see the host's clock",
  ],
  [
    /invalid_grant|cannot fetch token|account not found/,
    "Google refuses the key; correct storage.gcs.credentials, or see the host's clock",
  ],
  [/AccessDenied|AccessControlListNotSupported|AuthorizationPermissionMismatch|Error 403/, missingPermission],
  [
    /x509: certificate signed by unknown authority/,
    "the store's certificate comes from an authority that is not public; set authority",
  ],
  [/x509: /, "the store's certificate does not fit its address in the settings"],
  [/HTTP response to HTTPS client/, "the store speaks plain HTTP at this address; it is https in the settings"],
  [/no such host/, "the Docker host does not know the store's name; correct it in the settings, or add it to DNS"],
  [/connection refused|no route to host|i\/o timeout|deadline exceeded/, reach],
  [
    /permission denied/,
    "the registry writes as container.user (or service.user), and root has no rights there over other users' folders; set it to the folder's owner (stat -c %u:%g FOLDER), or give the folder to it (chown)",
  ],
  [/no space left/, "the disk is full; make room"],
];

/**
 * An error of a storage driver as the registry answers it, and what to do about it. One line.
 *
 * @param detail `s3aws: NoSuchBucket: The specified bucket does not exist. status code: 404, ...`
 */
export function explainStorageError(detail: string, step: StorageStep): string {
  const line = shorten(detail);
  const advice = reasons.find(([pattern]) => pattern.test(detail))?.[1];
  const text = typeof advice === "function" ? advice(step, line) : advice;
  return `the storage fails: ${line}${text ? `: ${text}` : ""}`;
}

/** Without what only the store's own people can use: request ids, and Azure's whole exchange in several lines. */
function shorten(detail: string): string {
  const [, status, code] = /^azure: .*RESPONSE (\d+).*ERROR CODE: (\w+)/s.exec(detail) ?? [];
  if (code) return `azure: ${code} (HTTP ${status})`;
  return detail
    .replace(/\s+/g, " ")
    .replace(/ status code: .*/, "")
    .slice(0, 300);
}

/** Amazon and Google name the permission themselves, most servers don't. */
function missingPermission(step: StorageStep, detail: string): string {
  const named = /not authorized to perform: (\S+)|does not have (storage\.\S+) access/.exec(detail);
  const permission = named?.[1] ?? named?.[2] ?? (detail.startsWith("s3aws") ? permissions[step] : undefined);
  return permission
    ? `the credentials lack ${permission}`
    : "the credentials lack a permission; see docs/storage.md for those that are needed";
}
