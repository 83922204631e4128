import { generateKeyPair as generate } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";

/** Sizes of RSA keys, in bits. */
export const keyBitsSchema = z.literal([2048, 3072, 4096], { error: "must be 2048, 3072 or 4096" });

export type KeyBits = z.infer<typeof keyBitsSchema>;

/** `rsa` is what a resource has that says nothing, and so it is not recorded. */
export const keyTypeSchema = z
  .enum(["ecdsa", "rsa"], { error: "must be ecdsa or rsa" })
  .optional()
  .transform((type) => (type === "rsa" ? undefined : type));

/** What is made: an RSA key of a size, or an ECDSA key on the curve P-256, the one that every TLS client knows. */
export type KeyKind = KeyBits | "P-256";

export function keyKind({ keyType, keyBits }: { keyType?: "ecdsa" | undefined; keyBits: KeyBits }): KeyKind {
  return keyType === "ecdsa" ? "P-256" : keyBits;
}

export interface KeyPair {
  /** SubjectPublicKeyInfo, PEM. */
  publicKeyPem: string;
  /** PKCS #8, PEM, not encrypted. */
  privateKeyPem: string;
}

/** At most one of each kind: begun, and not yet asked for. */
const begun = new Map<KeyKind, Promise<KeyPair>>();

/** A new key pair, made by OpenSSL inside Node, off the main thread. */
export async function generateKeyPair(kind: KeyKind): Promise<KeyPair> {
  const keys = begun.get(kind) ?? makeKeyPair(kind);
  begun.delete(kind);
  return await keys;
}

/** Begins the key pair that the next {@link generateKeyPair} of this kind returns: another processor may be idle now. */
export function beginKeyPair(kind: KeyKind): void {
  if (begun.has(kind)) return;
  const keys = makeKeyPair(kind);
  // A caller that asks for it gets the error; nobody has to ask.
  keys.catch(() => {});
  begun.set(kind, keys);
}

const publicKeyEncoding = { type: "spki", format: "pem" } as const;
const privateKeyEncoding = { type: "pkcs8", format: "pem" } as const;

async function makeKeyPair(kind: KeyKind): Promise<KeyPair> {
  const { publicKey, privateKey } =
    kind === "P-256"
      ? await promisify(generate)("ec", { namedCurve: "P-256", publicKeyEncoding, privateKeyEncoding })
      : await promisify(generate)("rsa", { modulusLength: kind, publicKeyEncoding, privateKeyEncoding });
  return { publicKeyPem: publicKey, privateKeyPem: privateKey };
}
