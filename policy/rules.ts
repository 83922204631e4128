import type { Rule } from "./resources/rule.ts";
import { bucketEncrypted } from "./rules/bucket-encrypted.ts";
import { bucketPrivate } from "./rules/bucket-private.ts";
import { bucketTlsOnly } from "./rules/bucket-tls-only.ts";
import { certificateKeySize } from "./rules/certificate-key-size.ts";
import { certificateLifetime } from "./rules/certificate-lifetime.ts";
import { dataRetained } from "./rules/data-retained.ts";
import { healthCheck } from "./rules/health-check.ts";
import { imagePinned } from "./rules/image-pinned.ts";
import { noAuthWithoutTls } from "./rules/no-auth-without-tls.ts";
import { noFloatingTag } from "./rules/no-floating-tag.ts";
import { noHostFolders } from "./rules/no-host-folders.ts";
import { noInsecureRegistries } from "./rules/no-insecure-registries.ts";
import { noPlainSecrets } from "./rules/no-plain-secrets.ts";
import { noPublishedPortWithoutTls } from "./rules/no-published-port-without-tls.ts";
import { readOnlyRoot } from "./rules/read-only-root.ts";
import { replicasShareStorage } from "./rules/replicas-share-storage.ts";
import { resourceLimits } from "./rules/resource-limits.ts";
import { serviceUpdateSettings } from "./rules/service-update-settings.ts";

/** Every rule of the pack. */
export const rules: Rule[] = [
  noAuthWithoutTls,
  noPublishedPortWithoutTls,
  imagePinned,
  noFloatingTag,
  noPlainSecrets,
  dataRetained,
  resourceLimits,
  healthCheck,
  readOnlyRoot,
  noHostFolders,
  serviceUpdateSettings,
  replicasShareStorage,
  bucketPrivate,
  bucketEncrypted,
  bucketTlsOnly,
  noInsecureRegistries,
  certificateLifetime,
  certificateKeySize,
];
