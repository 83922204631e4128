import { randomBytes, sign } from "node:crypto";
import forge from "node-forge";

/** What a certificate says; extensions as node-forge names them. */
export interface CertificateContent {
  subject: forge.pki.CertificateField[];
  issuer: forge.pki.CertificateField[];
  /** SubjectPublicKeyInfo, PEM; RSA. */
  publicKeyPem: string;
  notBefore: Date;
  notAfter: Date;
  extensions: CertificateExtension[];
}

export interface CertificateExtension {
  name: string;
  critical?: boolean;
  [detail: string]: unknown;
}

/** A certificate (X.509 v3, PEM) with a new random serial number, signed with RSA and SHA-256. */
export function signCertificate(content: CertificateContent, signingKeyPem: string): string {
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = randomSerialNumber();
  certificate.publicKey = forge.pki.publicKeyFromPem(content.publicKeyPem);
  certificate.validity.notBefore = content.notBefore;
  certificate.validity.notAfter = content.notAfter;
  certificate.setSubject(content.subject);
  certificate.setIssuer(content.issuer);
  certificate.setExtensions(content.extensions);
  // node-forge would sign in JavaScript, 0.1 to 0.7 s; Node's own signature of the same bytes takes milliseconds.
  const nativeKey = {
    sign: () => {
      const signed = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), "binary");
      return sign("sha256", signed, signingKeyPem).toString("binary");
    },
  };
  certificate.sign(nativeKey as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll("\r\n", "\n");
}

/** A common name as a subject; UTF-8, as a PrintableString has neither `*` nor letters beyond ASCII. */
export function commonNameField(value: string): forge.pki.CertificateField {
  // node-forge's types say that the class is one of Class, where its code takes one of Type.
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
  return { name: "commonName", value, valueTagClass };
}

/** 128 bits, positive, as hexadecimal digits: the first byte is 0x40 to 0x7f, so the number is always 16 bytes long. */
function randomSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(((bytes[0] ?? 0) & 0x3f) | 0x40);
  return bytes.toString("hex");
}
