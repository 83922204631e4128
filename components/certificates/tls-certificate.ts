import type * as pulumi from "@pulumi/pulumi";

/** What a TLS server needs of a certificate: a `ServerCertificate` and a `ProvidedCertificate` both have it. */
export interface TlsCertificate {
  /** The server's own certificate, PEM. */
  readonly certificatePem: pulumi.Output<string>;
  /** What the server sends: its certificate, then those of its issuers, nearest first; PEM. */
  readonly chainPem: pulumi.Output<string>;
  /** PEM, not encrypted; a secret. */
  readonly privateKeyPem: pulumi.Output<string>;
  /** What clients have to trust: the certificate at the end of the chain, PEM. */
  readonly authorityCertificatePem: pulumi.Output<string>;
  /** First moment of validity: ISO 8601, UTC. */
  readonly notBefore: pulumi.Output<string>;
  /** Last moment of validity: ISO 8601, UTC. */
  readonly notAfter: pulumi.Output<string>;
  /** SHA-256 of the certificate's DER form: 64 hexadecimal digits in lower case. Changes with every re-issue. */
  readonly fingerprint: pulumi.Output<string>;
  /** Hexadecimal digits in lower case. */
  readonly serialNumber: pulumi.Output<string>;
}

/** The outputs as a resource declares them to the engine. */
export const tlsCertificateOutputs: Record<keyof TlsCertificate, undefined> = {
  certificatePem: undefined,
  chainPem: undefined,
  privateKeyPem: undefined,
  authorityCertificatePem: undefined,
  notBefore: undefined,
  notAfter: undefined,
  fingerprint: undefined,
  serialNumber: undefined,
};
