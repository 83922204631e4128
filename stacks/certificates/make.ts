import * as pulumi from "@pulumi/pulumi";
import { providedFiles } from "../../components/certificates/check-provided-certificate.ts";
import { ProvidedCertificate } from "../../components/certificates/provided-certificate.ts";
import { type Certificates, issuedCertificates } from "../../components/whole/certificates.ts";
import type { Settings } from "../settings/settings.ts";

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
  const { authority, certificate, ...keys } = tls;
  const issued = {
    ...keys,
    authority: { ...authority, generation: rotation.authority },
    certificate: { ...certificate, generation: rotation.certificate },
  };
  return issuedCertificates("registry", { hosts, tls: issued }, opts);
}
