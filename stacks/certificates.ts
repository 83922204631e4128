import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority } from "../components/certificates/certificate-authority.ts";
import { ProvidedCertificate } from "../components/certificates/provided-certificate.ts";
import { ServerCertificate } from "../components/certificates/server-certificate.ts";
import type { Settings } from "./settings.ts";

/** What the rest of a stack needs of certificates, wherever they come from. */
export interface Certificates {
  authorityCertificatePem: pulumi.Output<string>;
  /** The server certificate and what leads from it to the authority. */
  chainPem: pulumi.Output<string>;
  privateKeyPem: pulumi.Output<string>;
  notAfter: pulumi.Output<string>;
}

/** Issues the certificates of a stack, or takes the user's own; undefined without TLS. */
export function makeCertificates(
  { name, hosts, tls, rotation }: Settings,
  opts: pulumi.CustomResourceOptions,
): Certificates | undefined {
  if (tls === "none") return undefined;
  if (tls.provided) {
    const { certificate, privateKey, chain } = tls.provided;
    const privateKeyPem = pulumi.secret(privateKey);
    const provided = { hosts, certificatePem: certificate, privateKeyPem, chainPem: chain };
    const own = new ProvidedCertificate(`${name}-certificate`, provided, opts);
    const { authorityCertificatePem, fullChainPem, notAfter } = own;
    return { authorityCertificatePem, chainPem: fullChainPem, privateKeyPem, notAfter };
  }
  const { keyBits } = tls;
  const authority = new CertificateAuthority(
    `${name}-authority`,
    { ...tls.authority, keyBits, generation: rotation.authority },
    opts,
  );
  const certificate = new ServerCertificate(
    `${name}-certificate`,
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
  return {
    authorityCertificatePem: authority.certificatePem,
    chainPem: certificate.chainPem,
    privateKeyPem: certificate.privateKeyPem,
    notAfter: certificate.notAfter,
  };
}
