import * as pulumi from "@pulumi/pulumi";

export interface ProvidedCertificateArgs {
  /** Hosts that the certificate must cover. */
  hosts: pulumi.Input<pulumi.Input<string>[]>;
  /** PEM of the server certificate. */
  certificatePem: pulumi.Input<string>;
  /** PEM of its key, without a passphrase; treated as a secret. */
  privateKeyPem: pulumi.Input<string>;
  /** PEM of the intermediate certificates in order, the authority's last. */
  chainPem: pulumi.Input<string>;
  /** How long before its end every preview warns. Default: 30 days. */
  warnBefore?: pulumi.Input<string>;
}

/**
 * A certificate that the user brings. It is refused at preview, with every reason, unless the key fits, every host is
 * covered, the chain leads to its authority and all of it is in date.
 */
export class ProvidedCertificate extends pulumi.CustomResource {
  /** PEM of the last certificate of the chain: what daemons trust. */
  declare readonly authorityCertificatePem: pulumi.Output<string>;
  /** PEM of the server certificate and its chain: what a server presents. */
  declare readonly fullChainPem: pulumi.Output<string>;
  /** ISO 8601. */
  declare readonly notAfter: pulumi.Output<string>;
  /** SHA-256 of the DER form, in hex. */
  declare readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: ProvidedCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, privateKeyPem: pulumi.secret(args.privateKeyPem) };
    const outputs = {
      authorityCertificatePem: undefined,
      fullChainPem: undefined,
      notAfter: undefined,
      fingerprint: undefined,
    };
    super("registry-kit:certificates:ProvidedCertificate", name, { ...inputs, ...outputs }, opts);
  }
}
