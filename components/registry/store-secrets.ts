import type { ObjectStorage } from "./registry-storage.ts";

/** The credentials in object storage that nobody may see: what `verify` looks for where it must not be. */
export function storeSecrets(store: ObjectStorage): string[] {
  switch (store.driver) {
    case "s3":
      return present(store.secretKey, store.sessionToken);
    case "azure":
      return present(store.accountKey, store.servicePrincipal?.secret);
    case "gcs":
      return present(store.credentials?.private_key);
    default:
      return store satisfies never;
  }
}

function present(...secrets: (string | undefined)[]): string[] {
  return secrets.filter((secret) => secret !== undefined);
}
