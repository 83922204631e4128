import type { IssuedCertificate, KeyBits } from "./issue-certificate.ts";
import { issueCertificate } from "./issue-certificate.ts";

export interface AuthorityRequest {
  commonName: string;
  keyBits: KeyBits;
  /** Milliseconds. */
  lifetime: number;
  now: Date;
}

/** Makes a certificate authority that can sign server certificates and no further authorities (pathLen 0). */
export async function issueAuthority(request: AuthorityRequest): Promise<IssuedCertificate> {
  return await issueCertificate({
    ...request,
    extensions: [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}
