import type { X509Certificate } from "node:crypto";
import type { Problems } from "../../lib/provider/resource-definition.ts";
import { dateProblem, readCertificates, readPrivateKey, subjectText } from "./read-pem.ts";

/** Every reason why a certificate and its key can't sign server certificates at this moment. */
export function checkAuthority(
  given: { authorityCertificatePem: string; authorityPrivateKeyPem: string },
  now: Date,
): Problems {
  const certificates = readCertificates(given.authorityCertificatePem);
  const key = readPrivateKey(given.authorityPrivateKeyPem);
  const certificate = certificates.value?.[0];
  const reasons = {
    authorityCertificatePem: certificate ? certificateReasons(certificate, now) : [certificates.problem],
    authorityPrivateKeyPem: [
      key.problem,
      certificate && key.value && !certificate.checkPrivateKey(key.value)
        ? `is not the key of the authority's certificate ${subjectText(certificate)}`
        : undefined,
    ],
  };
  return Object.entries(reasons).flatMap(([property, list]) =>
    list.flatMap((reason) => (reason ? [{ property, reason }] : [])),
  );
}

function certificateReasons(certificate: X509Certificate, now: Date): (string | undefined)[] {
  const type = certificate.publicKey.asymmetricKeyType;
  return [
    certificate.ca ? undefined : `${subjectText(certificate)} is not a certificate authority`,
    type === "rsa" || type === "ec"
      ? undefined
      : `has a key of type ${type}: this resource signs with RSA and ECDSA keys`,
    dateProblem(certificate, now),
  ];
}
