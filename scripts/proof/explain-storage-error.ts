import type { Advice, StorageStep, StoreErrors } from "../../components/registry/stores/store-kind.ts";
import { stores } from "../../components/registry/stores/stores.ts";

const reach = "the Docker host does not reach the store; see its address in the settings, and firewalls";

/** What an error means of whatever driver it is; before what the drivers know, and after it. */
const clocks: [RegExp, Advice] = [
  /RequestTimeTooSkewed|not yet valid|reasonable timeframe|Request date header too old/,
  "the clocks of the Docker host and of the store differ too much; set them by NTP",
];
const general: [RegExp, Advice][] = [
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
  const own = errorsOf(detail);
  const line = own?.shorten?.(detail) ?? shorten(detail);
  const advice = [clocks, ...stores.flatMap(({ errors }) => errors.reasons), ...general].find(([pattern]) =>
    pattern.test(detail),
  )?.[1];
  const text = typeof advice === "function" ? advice(step, line) : advice;
  return `the storage fails: ${line}${text ? `: ${text}` : ""}`;
}

/** Without what only the store's own people can use, such as request ids. */
function shorten(detail: string): string {
  return detail
    .replace(/\s+/g, " ")
    .replace(/ status code: .*/, "")
    .slice(0, 300);
}

/** Amazon and Google name the permission themselves, most servers don't. */
function missingPermission(step: StorageStep, detail: string): string {
  const named = /not authorized to perform: (\S+)|does not have (storage\.\S+) access/.exec(detail);
  const permission = named?.[1] ?? named?.[2] ?? errorsOf(detail)?.permissions?.[step];
  return permission
    ? `the credentials lack ${permission}`
    : "the credentials lack a permission; see docs/storage.md for those that are needed";
}

function errorsOf(detail: string): StoreErrors | undefined {
  return stores.map(({ errors }) => errors).find(({ prefix }) => detail.startsWith(`${prefix}: `));
}
