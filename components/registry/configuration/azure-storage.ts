import { z } from "zod";
import { count, credential, domain, duration, line, origin, secret } from "./field-types.ts";
import { azureAccountName, azureContainerName } from "./store-names.ts";

/** The options of Azure Blob Storage. Credentials: an account key, a service principal, or else Azure's default chain. */
export const azureOptions = {
  accountName: azureAccountName.describe("Name of the storage account."),
  container: azureContainerName.describe("Name of the blob container."),
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

type AzureOptions = z.output<z.ZodObject<typeof azureOptions>>;

/** Options that are each allowed but don't go together. */
export function azureRules({ value, issues }: z.core.ParsePayload<AzureOptions>): void {
  if (value.accountKey !== undefined && value.servicePrincipal !== undefined) {
    issues.push({ code: "custom", message: "takes accountKey or servicePrincipal, not both", input: value });
  }
}

/** {@link azureOptions} as one of the registry's drivers. */
export const azureStorage = z
  .strictObject({ driver: z.literal("azure").describe("Azure Blob Storage."), ...azureOptions })
  .check(azureRules);

export type AzureStorage = z.output<typeof azureStorage>;
