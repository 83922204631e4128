import { X509Certificate } from "node:crypto";
import forge from "node-forge";
import { keyIdentifier } from "./key-identifier.ts";

/** What a certificate says of the one that signed it. */
export interface Issuer {
  /** Its name, byte for byte: verifiers compare the two. */
  name: forge.asn1.Asn1;
  /** The identifier of its key, as its certificate has it. */
  keyIdentifier: string;
  notAfter: Date;
  /** Whether it may sign for some names only. */
  isConstrained: boolean;
}

/** OIDs of the extensions that are read. */
const subjectKeyIdentifierId = "2.5.29.14";
const nameConstraintsId = "2.5.29.30";

/** Reads an authority's certificate, of any kind of key. @param pem one certificate; further ones are ignored */
export function readIssuer(pem: string): Issuer {
  const certificate = new X509Certificate(pem);
  const [toBeSigned] = parts(forge.asn1.fromDer(certificate.raw.toString("binary")));
  const fields = parts(toBeSigned);
  // A version 1 has no field for its version.
  const first = fields[0]?.tagClass === forge.asn1.Class.CONTEXT_SPECIFIC ? 1 : 0;
  const name = fields[first + 4];
  if (!name) throw new Error("The authority's certificate has no subject.");
  const publicKeyPem = certificate.publicKey.export({ type: "spki", format: "pem" }).toString();
  return {
    name,
    keyIdentifier: identifierIn(fields.slice(first + 6)) ?? keyIdentifier(publicKeyPem),
    notAfter: certificate.validToDate,
    isConstrained: extensionIn(fields.slice(first + 6), nameConstraintsId) !== undefined,
  };
}

/** @param rest of the fields, those behind the key; the one with tag 3 has the extensions */
function extensionIn(rest: forge.asn1.Asn1[], wanted: string): forge.asn1.Asn1 | undefined {
  const tagged = rest.find(
    ({ tagClass, type }) => tagClass === forge.asn1.Class.CONTEXT_SPECIFIC && Number(type) === 3,
  );
  return parts(parts(tagged)[0]).find((extension) => {
    const [id] = parts(extension);
    return id && forge.asn1.derToOid(String(id.value)) === wanted;
  });
}

function identifierIn(rest: forge.asn1.Asn1[]): string | undefined {
  const extension = extensionIn(rest, subjectKeyIdentifierId);
  const value = parts(extension).at(-1);
  if (!value) return undefined;
  const identifier = Array.isArray(value.value) ? value.value[0] : forge.asn1.fromDer(String(value.value));
  return identifier && String(identifier.value);
}

function parts(value: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] {
  return Array.isArray(value?.value) ? value.value : [];
}
