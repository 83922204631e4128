import type { AzureStorage } from "./azure-storage.ts";
import type { GcsStorage } from "./gcs-storage.ts";
import type { RegistryOptions } from "./registry-options.ts";
import type { YamlMap } from "./render-yaml.ts";
import type { S3Storage } from "./s3-section.ts";
import type { StorageConfiguration } from "./storage-configuration.ts";

/** The `storage` section: the driver, and what the registry does with any driver. */
export function storageSection(storage: StorageConfiguration, options: RegistryOptions): YamlMap {
  const { uploadPurging, cache, tagLookupConcurrency } = options;
  return {
    ...driverSection(storage),
    cache: cache === "none" ? undefined : { blobdescriptor: cache },
    delete: { enabled: options.delete },
    // The registry stops at anything but maps here, and at a purge without all four keys.
    maintenance: {
      readonly: { enabled: options.readOnly },
      uploadpurging: {
        enabled: uploadPurging.enabled,
        age: uploadPurging.age,
        interval: uploadPurging.interval,
        dryrun: false,
      },
    },
    redirect: { disable: !(options.redirect ?? clientsReach(storage)) },
    tag: tagLookupConcurrency === undefined ? undefined : { concurrencylimit: tagLookupConcurrency },
  };
}

/** Whether clients can be expected to reach the storage itself. */
function clientsReach(storage: StorageConfiguration): boolean {
  return !(storage.driver === "s3" && storage.regionEndpoint !== undefined && storage.redirectEndpoint === undefined);
}

function driverSection(storage: StorageConfiguration): YamlMap {
  switch (storage.driver) {
    case "filesystem":
      return { filesystem: { rootdirectory: storage.rootDirectory, maxthreads: storage.maxThreads } };
    case "inmemory":
      return { inmemory: {} };
    case "s3":
      return { s3: s3Parameters(storage) };
    case "azure":
      return { azure: azureParameters(storage) };
    case "gcs":
      return { gcs: gcsParameters(storage) };
    default:
      return storage satisfies never;
  }
}

function s3Parameters(s3: S3Storage): YamlMap {
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

function azureParameters(azure: AzureStorage): YamlMap {
  return {
    accountkey: azure.accountKey,
    accountname: azure.accountName,
    container: azure.container,
    credentials: azureCredentials(azure),
    max_retries: azure.maxRetries,
    realm: azure.realm,
    retry_delay: azure.retryDelay,
    rootdirectory: azure.rootDirectory,
    serviceurl: azure.serviceUrl,
    skipverify: azure.skipVerify,
  };
}

/** The driver takes no credentials without their type. */
function azureCredentials({ accountKey, servicePrincipal }: AzureStorage): YamlMap {
  if (accountKey !== undefined) return { type: "shared_key" };
  if (servicePrincipal === undefined) return { type: "default_credentials" };
  const { tenantId, clientId, secret } = servicePrincipal;
  return { type: "client_secret", tenantid: tenantId, clientid: clientId, secret };
}

function gcsParameters(gcs: GcsStorage): YamlMap {
  return {
    bucket: gcs.bucket,
    chunksize: gcs.chunkSize,
    credentials: gcs.credentials,
    keyfile: gcs.keyFile,
    maxconcurrency: gcs.maxConcurrency,
    rootdirectory: gcs.rootDirectory,
    useragent: gcs.userAgent,
  };
}
