import * as pulumi from "@pulumi/pulumi";
import type { RegistryFile } from "./registry-file.ts";
import type { RegistryStorage } from "./registry-storage.ts";
import type { ObjectStorage } from "./stores/stores.ts";

/** Name of the file with credentials that the configuration has no place for, beside the configuration. */
export const credentialsName = "aws-credentials";

/**
 * Credentials of S3 that end: the registry's driver has no parameter for a session token (`sessionToken := ""` in its s3.go), but
 * Amazon's SDK reads one from a file.
 */
export function storeCredentials(storage: RegistryStorage): RegistryFile[] {
  if (!("objects" in storage) || !storage.hasSessionToken) return [];
  const content = pulumi.secret(storage.objects).apply((store) => credentialsText(store as ObjectStorage));
  return [{ name: credentialsName, content, onChange: "restart" }];
}

/** Where Amazon's SDK finds that file. */
export function credentialsVariables(storage: RegistryStorage, folder: string): Record<string, string> {
  const isThere = "objects" in storage && storage.hasSessionToken;
  return isThere ? { AWS_SHARED_CREDENTIALS_FILE: `${folder}/${credentialsName}` } : {};
}

function credentialsText(store: ObjectStorage): string {
  if (store.driver !== "s3") throw new Error(`A session token is for S3, not for ${store.driver}.`);
  const { accessKey, secretKey, sessionToken } = store;
  return [
    "[default]",
    `aws_access_key_id = ${accessKey}`,
    `aws_secret_access_key = ${secretKey}`,
    `aws_session_token = ${sessionToken}`,
    "",
  ].join("\n");
}
