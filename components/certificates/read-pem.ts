import type { KeyObject } from "node:crypto";
import { createPrivateKey, X509Certificate } from "node:crypto";

/** What a PEM text holds, or, in words for the one who gave it, why it can't be used. Never holds parts of the text. */
export type Read<Value> = { value: Value; problem?: never } | { value?: never; problem: string };

/** The certificates of a PEM text, at least one, in their order. */
export function readCertificates(pem: string): Read<X509Certificate[]> {
  if (pem.includes("PRIVATE KEY-----")) {
    return { problem: "holds a private key: give certificates only, the key belongs in privateKeyPem" };
  }
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return { problem: 'holds no certificate: give PEM text, "-----BEGIN CERTIFICATE-----" ...' };
  try {
    return { value: blocks.map((block) => new X509Certificate(block)) };
  } catch {
    return { problem: "holds a certificate that can't be read: is the text complete?" };
  }
}

/** The private key of a PEM text. */
export function readPrivateKey(pem: string): Read<KeyObject> {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    return { problem: "is encrypted: decrypt it first (openssl pkey -in key.pem -out decrypted.pem)" };
  }
  try {
    return { value: createPrivateKey(pem) };
  } catch {
    return { problem: 'is no private key that can be read: give PEM text, "-----BEGIN PRIVATE KEY-----" ...' };
  }
}

/** Why the certificate is not valid at this moment; undefined: it is. */
export function dateProblem(certificate: X509Certificate, now: Date): string | undefined {
  if (now > certificate.validToDate) return `expired on ${certificate.validToDate.toISOString()}`;
  if (now < certificate.validFromDate) return `is valid only from ${certificate.validFromDate.toISOString()} on`;
  return undefined;
}

/** A certificate's subject on one line, in quotes. */
export function subjectText(certificate: X509Certificate): string {
  return JSON.stringify(certificate.subject?.replaceAll("\n", ", ") ?? "no subject");
}
