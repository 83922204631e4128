import type * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority, type CertificateAuthorityArgs } from "../certificates/certificate-authority.ts";
import { ServerCertificate, type ServerCertificateArgs } from "../certificates/server-certificate.ts";
import type { TlsCertificate } from "../certificates/tls-certificate.ts";

/** What a registry and its clients need of certificates. */
export interface Certificates {
  server: Pick<TlsCertificate, "chainPem" | "privateKeyPem" | "notAfter">;
  /** PEM; what daemons trust. Not the server certificate's own output of that name: that is unknown at its every renewal. */
  authorityCertificatePem: pulumi.Output<string>;
  /** PEM of the keys behind them. Secret. */
  privateKeysPem: pulumi.Output<string>[];
}

/** What is issued, where it differs from the defaults. What is left out stays as it is, and for a new one it is what is best now. */
export interface IssuedTls {
  /**
   * Kind of the server's key: `ecdsa` (P-256), or `rsa` for clients that know nothing else. A change issues a new certificate.
   * @default "ecdsa" for a new certificate, "rsa" with `keyBits`; one that exists keeps its kind
   */
  keyType?: pulumi.Input<"ecdsa" | "rsa"> | undefined;
  /**
   * Bits of RSA keys: 2048, 3072 or 4096. A change issues new certificates.
   * @default 3072 where keys are RSA
   */
  keyBits?: ServerCertificateArgs["keyBits"] | undefined;
  /** The certificate authority; clients trust it. */
  authority?: Loosened<Omit<CertificateAuthorityArgs, "keyBits">> | undefined;
  /** The server certificate, signed by the authority. */
  certificate?: Loosened<Pick<ServerCertificateArgs, "lifetime" | "renewBefore" | "generation">> | undefined;
}

type Loosened<Args> = { [Key in keyof Args]?: Args[Key] | undefined };

/** An authority of the registry's own (`NAME-authority`), and a server certificate that it signs (`NAME-certificate`). */
export function issuedCertificates(
  name: string,
  { hosts, tls }: { hosts: ServerCertificateArgs["hosts"]; tls: IssuedTls },
  opts: pulumi.CustomResourceOptions,
): Certificates {
  const size = tls.keyBits === undefined ? {} : { keyBits: tls.keyBits };
  const type = tls.keyType === undefined ? {} : { keyType: tls.keyType };
  // A client that knows no ECDSA can check no signature of such an authority either.
  const { keyType = tls.keyType === "rsa" ? tls.keyType : undefined, ...ofAuthority } = tls.authority ?? {};
  const authority = new CertificateAuthority(
    `${name}-authority`,
    {
      commonName: "registry-kit CA",
      renewBefore: "1 year",
      ...given(ofAuthority),
      ...size,
      ...(keyType === undefined ? {} : { keyType }),
    },
    opts,
  );
  const server = new ServerCertificate(
    `${name}-certificate`,
    {
      ...given(tls.certificate ?? {}),
      hosts,
      ...type,
      ...size,
      authorityCertificatePem: authority.certificatePem,
      authorityPrivateKeyPem: authority.privateKeyPem,
    },
    opts,
  );
  const privateKeysPem = [server.privateKeyPem, authority.privateKeyPem];
  return { server, authorityCertificatePem: authority.certificatePem, privateKeysPem };
}

/** Without what is undefined. */
function given<Args extends object>(args: Args): { [Key in keyof Args]?: Exclude<Args[Key], undefined> } {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Args]?: Exclude<Args[Key], undefined>;
  };
}
