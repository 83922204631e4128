import type * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority } from "../components/certificates/certificate-authority.ts";
import { ProvidedCertificate } from "../components/certificates/provided-certificate.ts";
import { ServerCertificate } from "../components/certificates/server-certificate.ts";
import type { TlsCertificate } from "../components/certificates/tls-certificate.ts";
import type { Settings } from "./settings.ts";

/** Issues the server certificate of a stack, or takes the user's own; undefined without TLS. */
export function makeCertificate(
  { hosts, tls, rotation }: Settings,
  opts: pulumi.CustomResourceOptions,
): TlsCertificate | undefined {
  if (tls === "none") return undefined;
  if (tls.provided) {
    const { certificate, privateKey, chain } = tls.provided;
    return new ProvidedCertificate(
      "registry-certificate",
      {
        hosts,
        certificatePem: certificate,
        privateKeyPem: privateKey,
        ...(chain === undefined ? {} : { chainPem: chain }),
        renewBefore: tls.certificate.renewBefore,
      },
      opts,
    );
  }
  const { keyBits } = tls;
  const authority = new CertificateAuthority(
    "registry-authority",
    {
      ...tls.authority,
      keyBits,
      generation: rotation.authority,
    },
    opts,
  );
  return new ServerCertificate(
    "registry-certificate",
    {
      ...tls.certificate,
      hosts,
      keyBits,
      generation: rotation.certificate,
      authorityCertificatePem: authority.certificatePem,
      authorityPrivateKeyPem: authority.privateKeyPem,
    },
    opts,
  );
}
