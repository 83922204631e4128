import { createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto";
import forge from "node-forge";

/** What a certificate says; extensions as node-forge names them. */
export interface CertificateContent {
  subject: forge.asn1.Asn1;
  issuer: forge.asn1.Asn1;
  /** SubjectPublicKeyInfo, PEM; RSA or ECDSA. */
  publicKeyPem: string;
  notBefore: Date;
  notAfter: Date;
  extensions: CertificateExtension[];
}

export interface CertificateExtension {
  name?: string;
  critical?: boolean;
  [detail: string]: unknown;
}

const { asn1 } = forge;
const { Class, Type } = asn1;

/** A certificate (X.509 v3, PEM) with a new random serial number, signed with SHA-256 by an RSA or ECDSA key. */
export function signCertificate(content: CertificateContent, signingKeyPem: string): string {
  const algorithm = signatureAlgorithm(signingKeyPem);
  const toBeSigned = sequence([
    asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [primitive(Type.INTEGER, asn1.integerToDer(2).getBytes())]),
    primitive(Type.INTEGER, randomSerialNumber()),
    algorithm,
    content.issuer,
    sequence([timeOf(content.notBefore), timeOf(content.notAfter)]),
    content.subject,
    publicKeyInfo(content.publicKeyPem),
    extensionsOf(content.extensions),
  ]);
  const signed = Buffer.from(asn1.toDer(toBeSigned).getBytes(), "binary");
  const signature = sign("sha256", signed, signingKeyPem).toString("binary");
  const certificate = sequence([toBeSigned, algorithm, primitive(Type.BITSTRING, `\0${signature}`)]);
  const body = asn1.toDer(certificate).getBytes();
  return forge.pem.encode({ type: "CERTIFICATE", body }).replaceAll("\r\n", "\n");
}

/** A name of a certificate, as its subject and its issuer have it; none of the parts: an empty one. */
export function distinguishedName(parts: forge.pki.CertificateField[]): forge.asn1.Asn1 {
  const certificate = forge.pki.createCertificate();
  certificate.setSubject(parts);
  return forge.pki.distinguishedNameToAsn1(certificate.subject);
}

/** A part of a name; UTF-8, as a PrintableString has neither `*` nor letters beyond ASCII. */
export function nameField(name: string, value: string): forge.pki.CertificateField {
  // node-forge's types say that the class is one of Class, where its code takes one of Type.
  const valueTagClass = Type.UTF8 as unknown as forge.asn1.Class;
  return { name, value, valueTagClass };
}

/** ecdsa-with-SHA256 (RFC 5758), which has no parameters, or sha256WithRSAEncryption (RFC 4055), which has NULL. */
function signatureAlgorithm(signingKeyPem: string): forge.asn1.Asn1 {
  const isRsa = createPrivateKey(signingKeyPem).asymmetricKeyType === "rsa";
  const id = isRsa ? "1.2.840.113549.1.1.11" : "1.2.840.10045.4.3.2";
  return sequence([primitive(Type.OID, asn1.oidToDer(id).getBytes()), ...(isRsa ? [primitive(Type.NULL, "")] : [])]);
}

/** UTCTime until 2049, GeneralizedTime after that (RFC 5280, 4.1.2.5). */
function timeOf(date: Date): forge.asn1.Asn1 {
  return date.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, asn1.dateToUtcTime(date))
    : primitive(Type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(date));
}

function extensionsOf(extensions: CertificateExtension[]): forge.asn1.Asn1 {
  const certificate = forge.pki.createCertificate();
  certificate.setExtensions(extensions);
  // node-forge's types lack it.
  const { certificateExtensionsToAsn1 } = forge.pki as unknown as {
    certificateExtensionsToAsn1(extensions: unknown[]): forge.asn1.Asn1;
  };
  return certificateExtensionsToAsn1(certificate.extensions);
}

function sequence(parts: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
}

function primitive(type: forge.asn1.Type, value: string): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, type, false, value);
}

function publicKeyInfo(pem: string): forge.asn1.Asn1 {
  const der = createPublicKey(pem).export({ type: "spki", format: "der" }).toString("binary");
  // As it is: node-forge would write back only what it can read of the key.
  return asn1.fromDer(der, { strict: true, decodeBitStrings: false } as unknown as boolean);
}

/** 128 bits, positive: the first byte is 0x40 to 0x7f, so the number is always 16 bytes long. */
function randomSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(((bytes[0] ?? 0) & 0x3f) | 0x40);
  return bytes.toString("binary");
}
