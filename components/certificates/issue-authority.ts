import type { Duration } from "./duration.ts";
import { durationMilliseconds } from "./duration.ts";
import type { KeyBits } from "./key-pair.ts";
import { generateRsaKeyPair } from "./key-pair.ts";
import { commonNameField, signCertificate } from "./sign-certificate.ts";
import { validity } from "./validity.ts";

export interface IssuedCertificate {
  certificatePem: string;
  privateKeyPem: string;
}

/** A new key and a self-signed certificate that may sign server certificates, but no further authorities. */
export async function issueAuthority(
  { commonName, keyBits, lifetime }: { commonName: string; keyBits: KeyBits; lifetime: Duration },
  now: Date,
): Promise<IssuedCertificate> {
  const { publicKeyPem, privateKeyPem } = await generateRsaKeyPair(keyBits);
  const name = [commonNameField(commonName)];
  const certificatePem = signCertificate(
    {
      subject: name,
      issuer: name,
      publicKeyPem,
      ...validity(now, durationMilliseconds(lifetime)),
      extensions: [
        { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
        { name: "subjectKeyIdentifier" },
        { name: "authorityKeyIdentifier", keyIdentifier: true },
      ],
    },
    privateKeyPem,
  );
  return { certificatePem, privateKeyPem };
}
