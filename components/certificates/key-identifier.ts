import { createHash, createPublicKey } from "node:crypto";
import forge from "node-forge";

/** How certificates name a key: the SHA-1 of its bits, without the rest of its SubjectPublicKeyInfo (RFC 5280, 4.2.1.2, method 1). */
export function keyIdentifier(publicKeyPem: string): string {
  const der = createPublicKey(publicKeyPem).export({ type: "spki", format: "der" }).toString("binary");
  const info = forge.asn1.fromDer(der, { strict: true, decodeBitStrings: false } as unknown as boolean);
  const bits = String((info.value as forge.asn1.Asn1[])[1]?.value).slice(1);
  return createHash("sha1").update(bits, "binary").digest("binary");
}

/** The extension that names the certificate's own key. */
export function subjectKeyIdentifier(publicKeyPem: string) {
  const { create, Class, Type, toDer } = forge.asn1;
  const value = toDer(create(Class.UNIVERSAL, Type.OCTETSTRING, false, keyIdentifier(publicKeyPem))).getBytes();
  return { name: "subjectKeyIdentifier", value };
}
