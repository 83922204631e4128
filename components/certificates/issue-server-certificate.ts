import { isIP } from "node:net";
import type { Duration } from "../../lib/time/duration.ts";
import { durationMilliseconds } from "../../lib/time/duration.ts";
import type { IssuedCertificate } from "./issue-authority.ts";
import { subjectKeyIdentifier } from "./key-identifier.ts";
import type { KeyBits } from "./key-pair.ts";
import { generateKeyPair, keyKind } from "./key-pair.ts";
import { readIssuer } from "./read-issuer.ts";
import { distinguishedName, nameField, signCertificate } from "./sign-certificate.ts";
import { subjectAlternativeName } from "./subject-alternative-names.ts";
import { backDateMilliseconds, validity } from "./validity.ts";

/** Clients refuse longer ones: 397 days is what the CA/Browser Forum recommends for its limit of 398 (Baseline Requirements, 6.3.2). */
export const longestServerLifetime: Duration = "397 days";

/** The longest common name that X.509 allows (RFC 5280, ub-common-name). */
const longestCommonName = 64;

export interface ServerCertificateRequest {
  /** As `hostsSchema` gives them. The first that fits is the subject's common name, for people; clients look at the names only. */
  hosts: string[];
  keyType?: "ecdsa" | undefined;
  keyBits: KeyBits;
  lifetime: Duration;
}

/**
 * A new key and a certificate for a TLS server. It ends no later than its authority, and is never valid for more
 * than 397 days in all.
 */
export async function issueServerCertificate(
  request: ServerCertificateRequest,
  authority: IssuedCertificate,
  now: Date,
): Promise<IssuedCertificate> {
  const { hosts, lifetime } = request;
  const kind = keyKind(request);
  const { publicKeyPem, privateKeyPem } = await generateKeyPair(kind);
  const issuer = readIssuer(authority.certificatePem);
  // OpenSSL takes an address there for a name, and holds it against what the authority may name.
  const names = issuer.isConstrained ? hosts.filter((host) => !isIP(host)) : hosts;
  const commonName = names.find((host) => host.length <= longestCommonName);
  const certificatePem = signCertificate(
    {
      subject: distinguishedName(commonName ? [nameField("commonName", commonName)] : []),
      issuer: issuer.name,
      publicKeyPem,
      ...validity(now, serverLifetimeMilliseconds(lifetime), issuer.notAfter),
      extensions: [
        { name: "basicConstraints", cA: false, critical: true },
        // An RSA key may be used to encrypt the secret of a session, up to TLS 1.2.
        { name: "keyUsage", digitalSignature: true, keyEncipherment: kind !== "P-256", critical: true },
        { name: "extKeyUsage", serverAuth: true },
        // Critical where there is no other name: RFC 5280, 4.2.1.6.
        { name: "subjectAltName", altNames: hosts.map(altName), critical: commonName === undefined },
        subjectKeyIdentifier(publicKeyPem),
        { name: "authorityKeyIdentifier", keyIdentifier: issuer.keyIdentifier },
      ],
    },
    authority.privateKeyPem,
  );
  return { certificatePem, privateKeyPem };
}

/** The time left at the moment of issue: the back-dating counts, too, against the longest lifetime. */
export function serverLifetimeMilliseconds(lifetime: Duration): number {
  return Math.min(durationMilliseconds(lifetime), durationMilliseconds(longestServerLifetime) - backDateMilliseconds);
}

/** dNSName is 2 and iPAddress 7 in RFC 5280's GeneralName. */
function altName(host: string): { type: 2; value: string } | { type: 7; ip: string } {
  const { kind, value } = subjectAlternativeName(host);
  return kind === "dns" ? { type: 2, value } : { type: 7, ip: value };
}
