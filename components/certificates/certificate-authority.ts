import * as pulumi from "@pulumi/pulumi";
import type { KeyBits } from "./issue-certificate.ts";

export interface CertificateAuthorityArgs {
  /** Name in the certificate, 64 characters at most. Default: registry-kit CA. A change makes a new authority. */
  commonName?: pulumi.Input<string>;
  /** RSA key size. Default: 3072. A change makes a new authority. */
  keyBits?: pulumi.Input<KeyBits>;
  /** For example `10 years`, the default. A change makes a new authority. */
  lifetime?: pulumi.Input<string>;
  /** How long before its end the next `up` makes a new authority. Default: 1 year. */
  renewBefore?: pulumi.Input<string>;
  /** Raise it to make a new authority. Default: 1. */
  generation?: pulumi.Input<number>;
}

/**
 * A certificate authority of the stack's own. Daemons trust its certificate, so a new server certificate changes
 * nothing on them; a new authority must reach every one. It publishes neither CRL nor OCSP: a stolen server key is
 * answered by a new authority.
 */
export class CertificateAuthority extends pulumi.CustomResource {
  /** PEM; what daemons trust. */
  declare readonly certificatePem: pulumi.Output<string>;
  /** PEM; secret. */
  declare readonly privateKeyPem: pulumi.Output<string>;
  /** ISO 8601. */
  declare readonly notBefore: pulumi.Output<string>;
  /** ISO 8601. */
  declare readonly notAfter: pulumi.Output<string>;
  /** SHA-256 of the DER form, in hex. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** In hex. */
  declare readonly serialNumber: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs = {}, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      certificatePem: undefined,
      privateKeyPem: undefined,
      notBefore: undefined,
      notAfter: undefined,
      fingerprint: undefined,
      serialNumber: undefined,
    };
    super("registry-kit:certificates:CertificateAuthority", name, { ...args, ...outputs }, secretKey(opts));
  }
}

function secretKey(opts?: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions({ additionalSecretOutputs: ["privateKeyPem"] }, opts);
}
