import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority } from "../../components/certificates/certificate-authority.ts";
import { providedFiles } from "../../components/certificates/check-provided-certificate.ts";
import { ProvidedCertificate } from "../../components/certificates/provided-certificate.ts";
import { ServerCertificate } from "../../components/certificates/server-certificate.ts";
import type { TlsCertificate } from "../../components/certificates/tls-certificate.ts";
import type { Settings } from "../settings/settings.ts";

/** What the rest of a stack needs of certificates. */
export interface Certificates {
  server: TlsCertificate;
  /** PEM; what daemons trust. Not the server certificate's own output of that name: that is unknown at its every renewal. */
  authorityCertificatePem: pulumi.Output<string>;
  /** PEM of the keys behind them. Secret. */
  privateKeysPem: pulumi.Output<string>[];
}

/** Issues the certificates of a stack, or takes the user's own; undefined without TLS. */
export function makeCertificates(
  { hosts, tls, rotation }: Settings,
  opts: pulumi.CustomResourceOptions,
): Certificates | undefined {
  if (tls === "none") return undefined;
  if (tls.provided) {
    const { certificate, privateKey, chain } = tls.provided;
    const server = new ProvidedCertificate(
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
    // Known at a first preview already, which compares it with a ca.crt that a node has.
    const files = { certificatePem: certificate, privateKeyPem: privateKey, ...(chain ? { chainPem: chain } : {}) };
    const known = providedFiles(files).authorityCertificatePem;
    // What can't be read is refused by the certificate's own check.
    const authorityCertificatePem = known ? pulumi.output(known) : server.authorityCertificatePem;
    return { server, authorityCertificatePem, privateKeysPem: [server.privateKeyPem] };
  }
  // What is left out stays as it is, and for a new stack it is what is best now.
  const size = tls.keyBits === undefined ? {} : { keyBits: tls.keyBits };
  const type = tls.keyType === undefined ? {} : { keyType: tls.keyType };
  // A client that knows no ECDSA can check no signature of such an authority either.
  const { keyType = tls.keyType === "rsa" ? tls.keyType : undefined, permitted, ...ofAuthority } = tls.authority;
  const authority = new CertificateAuthority(
    "registry-authority",
    {
      ...ofAuthority,
      ...size,
      ...(keyType === undefined ? {} : { keyType }),
      ...(permitted === undefined ? {} : { permitted }),
      generation: rotation.authority,
    },
    opts,
  );
  const server = new ServerCertificate(
    "registry-certificate",
    {
      ...tls.certificate,
      hosts,
      ...type,
      ...size,
      generation: rotation.certificate,
      authorityCertificatePem: authority.certificatePem,
      authorityPrivateKeyPem: authority.privateKeyPem,
    },
    opts,
  );
  const privateKeysPem = [server.privateKeyPem, authority.privateKeyPem];
  return { server, authorityCertificatePem: authority.certificatePem, privateKeysPem };
}
