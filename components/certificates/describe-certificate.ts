import { X509Certificate } from "node:crypto";
import type { CertificateFacts } from "./certificate-schemas.ts";

/** @param certificatePem one certificate in PEM; further ones are ignored */
export function describeCertificate(certificatePem: string): CertificateFacts {
  const certificate = new X509Certificate(certificatePem);
  return {
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
    serialNumber: certificate.serialNumber.toLowerCase(),
  };
}
