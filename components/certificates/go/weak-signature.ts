import type { GoCertificate } from "./go-certificate.ts";

/** Why the signature of a certificate is not taken; undefined: it is. */
export function weakSignature({ signatureHash }: GoCertificate): string | undefined {
  const remedy = "have it issued again with SHA-256 (openssl: -sha256)";
  if (signatureHash === undefined) return `is signed in a way that Go does not check: ${remedy}`;
  const isWeak = ["MD5", "SHA-1"].includes(signatureHash);
  return isWeak ? `is signed with ${signatureHash}, which Go and OpenSSL refuse: ${remedy}` : undefined;
}
