import { z } from "zod";
import { count, credential, domain, duration, line, origin, secret } from "../configuration/field-types.ts";
import type { YamlMap } from "../configuration/render-yaml.ts";
import { defineStore } from "./store-kind.ts";
import { length, letterOrDigitAtBothEnds, nameWith } from "./store-name.ts";

/** Name of an Azure storage account. Source: https://learn.microsoft.com/azure/storage/common/storage-account-overview */
const accountName = nameWith([
  length(3, 24),
  [(name) => /[^a-z0-9]/.test(name), "must hold only lower-case letters and digits"],
]);

/** Name of an Azure blob container. Source: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const containerName = nameWith([
  length(3, 63),
  [(name) => /[^a-z0-9-]/.test(name), "must hold only lower-case letters, digits and hyphens"],
  letterOrDigitAtBothEnds,
  [(name) => name.includes("--"), "must not hold two hyphens in a row"],
]);

/** The options of Azure Blob Storage. Credentials: an account key, a service principal, or else Azure's default chain. */
const options = {
  accountName: accountName.describe("Name of the storage account."),
  container: containerName.describe("Name of the blob container."),
  accountKey: z
    .base64({ error: "must be the account's key in base64" })
    .min(1)
    .optional()
    .describe("Key of the storage account.")
    .meta(secret),
  servicePrincipal: z
    .strictObject({
      tenantId: line.describe("Tenant of the service principal."),
      clientId: line.describe("Client of the service principal."),
      secret: credential.describe("Client secret of the service principal.").meta(secret),
    })
    .optional()
    .describe("A service principal to sign in as; default: Azure's default chain, e.g. a managed identity."),
  realm: domain.default("core.windows.net").describe("Domain of the storage service; default core.windows.net."),
  serviceUrl: origin.optional().describe("URL of the blob service; default https://<accountName>.blob.<realm>."),
  rootDirectory: line.optional().describe("Prefix of all names in the container; default none."),
  maxRetries: count(1).default(5).describe("How often an operation is tried again; default 5."),
  retryDelay: duration(0.001)
    .default("100ms")
    .describe("Time before the first retry, a duration; the n-th waits n times as long. Default 100ms."),
  skipVerify: z.boolean().default(false).describe("Accepts any certificate of the service; default false."),
};

type AzureOptions = z.output<z.ZodObject<typeof options>>;

/** Options that are each allowed but don't go together. */
function rules({ value, issues }: z.core.ParsePayload<AzureOptions>): void {
  if (value.accountKey !== undefined && value.servicePrincipal !== undefined) {
    issues.push({ code: "custom", message: "takes accountKey or servicePrincipal, not both", input: value });
  }
}

function parameters(azure: AzureOptions): YamlMap {
  return {
    accountkey: azure.accountKey,
    accountname: azure.accountName,
    container: azure.container,
    credentials: credentials(azure),
    max_retries: azure.maxRetries,
    realm: azure.realm,
    retry_delay: azure.retryDelay,
    rootdirectory: azure.rootDirectory,
    serviceurl: azure.serviceUrl,
    skipverify: azure.skipVerify,
  };
}

/** The driver takes no credentials without their type. */
function credentials({ accountKey, servicePrincipal }: AzureOptions): YamlMap {
  if (accountKey !== undefined) return { type: "shared_key" };
  if (servicePrincipal === undefined) return { type: "default_credentials" };
  const { tenantId, clientId, secret } = servicePrincipal;
  return { type: "client_secret", tenantid: tenantId, clientid: clientId, secret };
}

/** Azure Blob Storage. */
export const azure = defineStore({
  driver: "azure",
  title: "Azure Blob Storage.",
  description: "A container of Azure Blob Storage. It must exist, and is never removed.",
  options,
  rules,
  parameters,
  place: ({ container, accountName: account }) => `azure container ${container} of account ${account}`,
  server: ({ serviceUrl }) => serviceUrl,
  clientsReach: () => true,
  secrets: ({ accountKey, servicePrincipal }) => [accountKey, servicePrincipal?.secret],
  errors: {
    prefix: "azure",
    reasons: [
      [/ContainerNotFound/, "there is no such container; create it, or correct storage.azure.container"],
      [
        /AuthenticationFailed|AuthorizationFailure/,
        "the store refuses the credentials; correct storage.azure.accountKey, or see the host's clock",
      ],
    ],
    /** Its errors hold the whole exchange. */
    shorten(detail) {
      const [, status, code] = /RESPONSE (\d+).*ERROR CODE: (\w+)/s.exec(detail) ?? [];
      return code && `azure: ${code} (HTTP ${status})`;
    },
  },
});
