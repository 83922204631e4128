import type * as pulumi from "@pulumi/pulumi";
import { storeAuthorityName, storeLabel } from "../files/layout.ts";
import { storePlace } from "./describe-store.ts";
import type { RegistryStorage } from "./registry-storage.ts";
import { credentialsVariables } from "./store-credentials.ts";

/**
 * Variables of a registry whose store has authorities of its own, or credentials with an end, in files of this folder. Go then reads that file and, as long
 * as SSL_CERT_DIR is not set, all of /etc/ssl/certs: the image's own bundle.
 */
export function storeVariables(storage: RegistryStorage, folder: string): Record<string, string> {
  const authority =
    "objects" in storage && storage.authority ? { SSL_CERT_FILE: `${folder}/${storeAuthorityName}` } : {};
  return { ...authority, ...credentialsVariables(storage, folder) };
}

/** Labels by which the next registry on the same host is kept from the same store. */
export function storeLabels(storage: RegistryStorage): Record<string, pulumi.Output<string>> {
  return "objects" in storage ? { [storeLabel]: storePlace(storage.objects) } : {};
}
