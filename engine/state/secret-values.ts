import type { PropertyMap, PropertyValue } from "../../lib/protocol/property-value.ts";
import { isObject, isSecret, makeSecret, secretSignature, signatureKey } from "../../lib/protocol/property-value.ts";
import type { Passphrase } from "./passphrase.ts";

/**
 * Turns secrets of property maps into ciphertexts and back. A secret that did not change keeps the ciphertext it
 * was read with, so that a run without changes leaves the file as it is; the memory is kept per place, so that
 * equal ciphertexts never tell that two places share a secret.
 */
export class SecretValues {
  readonly #ciphertexts = new Map<string, string>();
  readonly #reader: Passphrase;
  readonly #writer: Passphrase;

  /** @param reader what the state was encrypted with. @param writer what it will be encrypted with. */
  constructor(reader: Passphrase, writer: Passphrase) {
    this.#reader = reader;
    this.#writer = writer;
  }

  /** @param owner of the map: a resource's inputs or outputs. */
  encrypt(map: PropertyMap, owner: string): PropertyMap {
    return replaceSecrets(map, (secret, path) => {
      const plaintext = JSON.stringify(secret.value ?? null);
      const key = memoryKey(owner, path, plaintext);
      const ciphertext = this.#ciphertexts.get(key) ?? this.#writer.encrypt(plaintext);
      this.#ciphertexts.set(key, ciphertext);
      return { [signatureKey]: secretSignature, ciphertext };
    });
  }

  decrypt(map: PropertyMap, owner: string): PropertyMap {
    return replaceSecrets(map, (secret, path) => {
      const { ciphertext, plaintext } = secret;
      if (typeof ciphertext !== "string")
        return makeSecret(typeof plaintext === "string" ? (JSON.parse(plaintext) as PropertyValue) : null);
      const decrypted = this.#reader.decrypt(ciphertext);
      if (this.#reader === this.#writer) this.#ciphertexts.set(memoryKey(owner, path, decrypted), ciphertext);
      return makeSecret(JSON.parse(decrypted) as PropertyValue);
    });
  }
}

/** Writes secrets in plain text, in the form that Pulumi's export and import have for it. */
export const plainSecrets = {
  encrypt: (map: PropertyMap): PropertyMap =>
    replaceSecrets(map, ({ value = null }) => ({
      [signatureKey]: secretSignature,
      plaintext: JSON.stringify(value),
    })),
};

function memoryKey(owner: string, path: string, plaintext: string): string {
  return [owner, path, plaintext].join("\0");
}

/** The map with every secret, at any depth, replaced by what `change` makes of it. */
export function replaceSecrets(
  map: PropertyMap,
  change: (secret: PropertyMap, path: string) => PropertyValue,
): PropertyMap {
  const visitMap = (inner: PropertyMap, path: string): PropertyMap =>
    Object.fromEntries(Object.entries(inner).map(([key, value]) => [key, visit(value, `${path}/${key}`)]));
  const visit = (value: PropertyValue, path: string): PropertyValue => {
    if (isSecret(value)) return change(value, path);
    if (Array.isArray(value)) return value.map((item, index) => visit(item, `${path}/${index}`));
    return isObject(value) ? visitMap(value, path) : value;
  };
  return visitMap(map, "");
}
