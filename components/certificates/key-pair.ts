import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";

/** Sizes of RSA keys, in bits. */
export const keyBitsSchema = z.literal([2048, 3072, 4096], { error: "must be 2048, 3072 or 4096" });

export type KeyBits = z.infer<typeof keyBitsSchema>;

export interface KeyPair {
  /** SubjectPublicKeyInfo, PEM. */
  publicKeyPem: string;
  /** PKCS #8, PEM, not encrypted. */
  privateKeyPem: string;
}

/** At most one of each size: begun, and not yet asked for. */
const begun = new Map<KeyBits, Promise<KeyPair>>();

/** A new RSA key pair, made by OpenSSL inside Node, off the main thread. */
export async function generateRsaKeyPair(bits: KeyBits): Promise<KeyPair> {
  const keys = begun.get(bits) ?? makeKeyPair(bits);
  begun.delete(bits);
  return await keys;
}

/** Begins the key pair that the next {@link generateRsaKeyPair} of this size returns: another processor may be idle now. */
export function beginRsaKeyPair(bits: KeyBits): void {
  if (begun.has(bits)) return;
  const keys = makeKeyPair(bits);
  // Whoever asks for it gets the error; nobody may.
  keys.catch(() => {});
  begun.set(bits, keys);
}

async function makeKeyPair(bits: KeyBits): Promise<KeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: bits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { publicKeyPem: publicKey, privateKeyPem: privateKey };
}
