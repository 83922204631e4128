import forge from "node-forge";
import type { Duration } from "./duration.ts";
import { durationMilliseconds } from "./duration.ts";
import type { IssuedCertificate } from "./issue-authority.ts";
import type { KeyBits } from "./key-pair.ts";
import { generateRsaKeyPair } from "./key-pair.ts";
import { commonNameField, signCertificate } from "./sign-certificate.ts";
import { subjectAlternativeName } from "./subject-alternative-names.ts";
import { backDateMilliseconds, validity } from "./validity.ts";

/** Clients refuse longer ones: 397 days is what the CA/Browser Forum recommends for its limit of 398 (Baseline Requirements, 6.3.2). */
export const longestServerLifetime: Duration = "397 days";

/** The longest common name that X.509 allows (RFC 5280, ub-common-name). */
const longestCommonName = 64;

export interface ServerCertificateRequest {
  /** As `hostsSchema` gives them. The first that fits is the subject's common name, for people; clients look at the names only. */
  hosts: string[];
  keyBits: KeyBits;
  lifetime: Duration;
}

/**
 * A new key and a certificate for a TLS server. It ends no later than its authority, and is never valid for more
 * than 397 days in all.
 */
export async function issueServerCertificate(
  { hosts, keyBits, lifetime }: ServerCertificateRequest,
  authority: IssuedCertificate,
  now: Date,
): Promise<IssuedCertificate> {
  const { publicKeyPem, privateKeyPem } = await generateRsaKeyPair(keyBits);
  const issuer = forge.pki.certificateFromPem(authority.certificatePem);
  const commonName = hosts.find((host) => host.length <= longestCommonName);
  const certificatePem = signCertificate(
    {
      subject: commonName ? [commonNameField(commonName)] : [],
      issuer: nameOf(issuer),
      publicKeyPem,
      ...validity(now, serverLifetimeMilliseconds(lifetime), issuer.validity.notAfter),
      extensions: [
        { name: "basicConstraints", cA: false, critical: true },
        { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        // Critical where there is no other name: RFC 5280, 4.2.1.6.
        { name: "subjectAltName", altNames: hosts.map(altName), critical: commonName === undefined },
        { name: "subjectKeyIdentifier" },
        { name: "authorityKeyIdentifier", keyIdentifier: keyIdentifierOf(issuer) },
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

/** node-forge hands out UTF-8 as bytes and would encode it once more; verifiers compare both names byte for byte. */
function nameOf(issuer: forge.pki.Certificate): forge.pki.CertificateField[] {
  return issuer.subject.attributes.map((field) =>
    Number(field.valueTagClass) === forge.asn1.Type.UTF8 && typeof field.value === "string"
      ? { ...field, value: forge.util.decodeUtf8(field.value) }
      : field,
  );
}

/** The identifier that the issuer carries; verifiers compare the two. */
function keyIdentifierOf(issuer: forge.pki.Certificate): string {
  const extension = issuer.getExtension("subjectKeyIdentifier") as { subjectKeyIdentifier?: string } | undefined;
  return extension?.subjectKeyIdentifier
    ? forge.util.hexToBytes(extension.subjectKeyIdentifier)
    : issuer.generateSubjectKeyIdentifier().getBytes();
}
