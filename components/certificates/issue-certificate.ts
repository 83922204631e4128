import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

/** RSA key sizes that the kit makes. */
export type KeyBits = 2048 | 3072 | 4096;

export interface CertificateRequest {
  commonName: string;
  /** Milliseconds that the certificate is valid from `now`. */
  lifetime: number;
  now: Date;
  keyBits: KeyBits;
  extensions: object[];
  /** Who signs; undefined: the certificate signs itself. */
  issuer?: { certificatePem: string; privateKeyPem: string };
}

/** A certificate with its key. */
export interface IssuedCertificate {
  certificatePem: string;
  privateKeyPem: string;
  /** ISO 8601, whole seconds, UTC. */
  notBefore: string;
  notAfter: string;
  /** SHA-256 of the certificate's DER form, in hex. */
  fingerprint: string;
  /** In hex. */
  serialNumber: string;
}

/** Names may hold any alphabet. The declared type of this field is that of another set of tags. */
const utf8 = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
/** Clients whose clocks are a little behind accept a new certificate at once. */
const backdating = 5 * 60 * 1000;

const generateKeyPair = promisify((bits: number, done: (error: Error | null, keys: forge.pki.rsa.KeyPair) => void) =>
  // With a callback node-forge uses Node's own key generation, off the main thread.
  forge.pki.rsa.generateKeyPair({ bits, e: 0x10001 }, done),
);

/** Makes a key and a certificate for it, signed with SHA-256. CRLs and OCSP are out of scope: nothing points to any. */
export async function issueCertificate(request: CertificateRequest): Promise<IssuedCertificate> {
  const { commonName, lifetime, now, issuer } = request;
  const keys = await generateKeyPair(request.keyBits);
  const subject = [{ name: "commonName", value: commonName, valueTagClass: utf8 }];
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = wholeSeconds(now.getTime() - backdating);
  certificate.validity.notAfter = wholeSeconds(now.getTime() + lifetime);
  certificate.setSubject(subject);
  const authority = issuer && forge.pki.certificateFromPem(issuer.certificatePem);
  certificate.setIssuer(authority ? authority.subject.attributes : subject);
  const authorityKeyId = (authority ?? certificate).generateSubjectKeyIdentifier().getBytes();
  certificate.setExtensions([
    ...request.extensions,
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier: authorityKeyId },
  ]);
  certificate.sign(
    issuer ? forge.pki.privateKeyFromPem(issuer.privateKeyPem) : keys.privateKey,
    forge.md.sha256.create(),
  );
  return {
    certificatePem: unixLines(forge.pki.certificateToPem(certificate)),
    privateKeyPem: unixLines(forge.pki.privateKeyToPem(keys.privateKey)),
    notBefore: isoSeconds(certificate.validity.notBefore),
    notAfter: isoSeconds(certificate.validity.notAfter),
    fingerprint: fingerprint(certificate),
    serialNumber: certificate.serialNumber,
  };
}

/** 128 random bits; the first one is 0 and the second 1: positive, and of one length. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

function fingerprint(certificate: forge.pki.Certificate): string {
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes();
  return forge.md.sha256.create().update(der).digest().toHex();
}

function wholeSeconds(time: number): Date {
  return new Date(Math.floor(time / 1000) * 1000);
}

function isoSeconds(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}

function unixLines(pem: string): string {
  return pem.replaceAll("\r\n", "\n");
}
