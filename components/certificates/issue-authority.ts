import { randomBytes } from "node:crypto";
import type { Duration } from "../../lib/time/duration.ts";
import { durationMilliseconds } from "../../lib/time/duration.ts";
import { keyIdentifier, subjectKeyIdentifier } from "./key-identifier.ts";
import type { KeyBits } from "./key-pair.ts";
import { generateKeyPair, keyKind } from "./key-pair.ts";
import { nameConstraints } from "./name-constraints.ts";
import { distinguishedName, nameField, signCertificate } from "./sign-certificate.ts";
import { validity } from "./validity.ts";

export interface IssuedCertificate {
  certificatePem: string;
  privateKeyPem: string;
}

export interface AuthorityRequest {
  commonName: string;
  /** Whose authority it is. With it the subject is one that no other authority has. */
  organizationalUnit?: string | undefined;
  keyType?: "ecdsa" | undefined;
  keyBits: KeyBits;
  lifetime: Duration;
  /** Names and networks that it may sign for. Absent: all. */
  permitted?: string[] | undefined;
}

/** A new key and a self-signed certificate that may sign server certificates, but no further authorities. */
export async function issueAuthority(request: AuthorityRequest, now: Date): Promise<IssuedCertificate> {
  const { commonName, organizationalUnit, lifetime, permitted } = request;
  const { publicKeyPem, privateKeyPem } = await generateKeyPair(keyKind(request));
  const name = distinguishedName([
    nameField("commonName", commonName),
    // Verifiers find an authority by its subject first: two of the same name are one too many.
    ...(organizationalUnit === undefined
      ? []
      : [
          nameField("organizationalUnitName", organizationalUnit),
          nameField("serialNumber", randomBytes(8).toString("hex")),
        ]),
  ]);
  const certificatePem = signCertificate(
    {
      subject: name,
      issuer: name,
      publicKeyPem,
      ...validity(now, durationMilliseconds(lifetime)),
      extensions: [
        { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
        { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
        ...(permitted ? [nameConstraints(permitted)] : []),
        subjectKeyIdentifier(publicKeyPem),
        { name: "authorityKeyIdentifier", keyIdentifier: keyIdentifier(publicKeyPem) },
      ],
    },
    privateKeyPem,
  );
  return { certificatePem, privateKeyPem };
}
