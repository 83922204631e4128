import { describe, expect, it } from "vitest";
import {
  type RegistryOptionsInput,
  registryOptions,
} from "../../../components/registry/configuration/registry-options.ts";
import {
  type StorageConfigurationInput,
  storageConfiguration,
} from "../../../components/registry/configuration/storage-configuration.ts";
import { storageSection } from "../../../components/registry/configuration/storage-section.ts";

const azure = { driver: "azure", accountName: "moby", container: "images" } as const;
const azureParameters = {
  accountname: "moby",
  container: "images",
  max_retries: 5,
  realm: "core.windows.net",
  retry_delay: "100ms",
  skipverify: false,
};
const s3Parameters = {
  accelerate: false,
  bucket: "images",
  encrypt: true,
  forcepathstyle: false,
  loglevel: "off",
  region: "eu-central-1",
  secure: true,
  skipverify: false,
  usedualstack: false,
  usefipsendpoint: false,
  v4auth: true,
};

describe("the storage section", () => {
  it.each<[string, StorageConfigurationInput, object]>([
    ["a folder", { driver: "filesystem" }, { filesystem: { rootdirectory: "/var/lib/registry" } }],
    [
      "a folder, by few threads",
      { driver: "filesystem", rootDirectory: "/d", maxThreads: 25 },
      { filesystem: { rootdirectory: "/d", maxthreads: 25 } },
    ],
    ["memory", { driver: "inmemory" }, { inmemory: {} }],
    ["S3 of Amazon, by role", s3({}), { s3: s3Parameters }],
    [
      "a server with S3's protocol: path style, no encryption",
      s3({ regionEndpoint: "http://minio:9000", accessKey: "1", secretKey: "%" }),
      {
        s3: {
          ...s3Parameters,
          accesskey: "1",
          encrypt: false,
          forcepathstyle: true,
          regionendpoint: "http://minio:9000",
          secretkey: "%",
        },
      },
    ],
    [
      "such a server, told otherwise",
      s3({ regionEndpoint: "https://a", forcePathStyle: false, encrypt: true, keyId: "k" }),
      { s3: { ...s3Parameters, keyid: "k", regionendpoint: "https://a" } },
    ],
    [
      "S3 with every parameter",
      s3({
        rootDirectory: "/r",
        skipVerify: true,
        chunkSize: 5_242_880,
        multipartCopyChunkSize: 5_242_881,
        multipartCopyMaxConcurrency: 2,
        multipartCopyThresholdSize: 3,
        storageClass: "STANDARD_IA",
        objectAcl: "private",
        userAgent: "u",
        useDualStack: true,
        accelerate: true,
        useFipsEndpoint: true,
        redirectEndpoint: "https://cdn.example.com",
        logLevel: "debug",
      }),
      {
        s3: {
          ...s3Parameters,
          accelerate: true,
          chunksize: 5_242_880,
          loglevel: "debug",
          multipartcopychunksize: 5_242_881,
          multipartcopymaxconcurrency: 2,
          multipartcopythresholdsize: 3,
          objectacl: "private",
          redirectendpoint: "https://cdn.example.com",
          rootdirectory: "/r",
          skipverify: true,
          storageclass: "STANDARD_IA",
          usedualstack: true,
          usefipsendpoint: true,
          useragent: "u",
        },
      },
    ],
    [
      "Azure by key",
      { ...azure, accountKey: "MTIz", rootDirectory: "r", serviceUrl: "http://a" },
      {
        azure: {
          ...azureParameters,
          accountkey: "MTIz",
          credentials: { type: "shared_key" },
          rootdirectory: "r",
          serviceurl: "http://a",
        },
      },
    ],
    [
      "Azure by service principal",
      { ...azure, servicePrincipal: { tenantId: "t", clientId: "c", secret: "s" } },
      {
        azure: {
          ...azureParameters,
          credentials: { type: "client_secret", tenantid: "t", clientid: "c", secret: "s" },
        },
      },
    ],
    [
      "Azure by default credentials",
      azure,
      { azure: { ...azureParameters, credentials: { type: "default_credentials" } } },
    ],
    [
      "Google by key",
      { driver: "gcs", bucket: "images", credentials: { type: "service_account" }, rootDirectory: "r", userAgent: "u" },
      { gcs: { bucket: "images", credentials: { type: "service_account" }, rootdirectory: "r", useragent: "u" } },
    ],
    [
      "Google by key file",
      { driver: "gcs", bucket: "images", keyFile: "/k", chunkSize: 262_144, maxConcurrency: 25 },
      { gcs: { bucket: "images", chunksize: 262_144, keyfile: "/k", maxconcurrency: 25 } },
    ],
  ])("keeps images in %s", (_, storage, driver) => {
    const { cache, delete: deletion, maintenance, redirect, tag, ...rest } = section({}, storage);
    expect(defined(rest)).toEqual(driver);
    expect({ cache, deletion, maintenance, tag }).toEqual({
      cache: { blobdescriptor: "inmemory" },
      deletion: { enabled: true },
      maintenance: {
        readonly: { enabled: false },
        uploadpurging: { enabled: true, age: "168h", interval: "24h", dryrun: false },
      },
    });
    expect(redirect).toEqual({ disable: "regionEndpoint" in storage });
  });

  it.each<[boolean | undefined, StorageConfigurationInput, boolean]>([
    [undefined, s3({}), false],
    [undefined, s3({ regionEndpoint: "http://minio:9000" }), true],
    [undefined, s3({ regionEndpoint: "http://minio:9000", redirectEndpoint: "https://cdn" }), false],
    [true, s3({ regionEndpoint: "http://minio:9000" }), false],
    [false, s3({}), true],
  ])("with redirect %s and %o has redirect.disable %s", (redirect, storage, disable) => {
    expect(section(redirect === undefined ? {} : { redirect }, storage).redirect).toEqual({ disable });
  });
});

function section(options: RegistryOptionsInput, storage: StorageConfigurationInput) {
  return storageSection(storageConfiguration.parse(storage), registryOptions.parse(options));
}

/** As it is rendered: without the keys that have no value. */
function defined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

function s3(more: object): StorageConfigurationInput {
  return { driver: "s3", bucket: "images", region: "eu-central-1", ...more };
}
