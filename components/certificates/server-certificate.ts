import * as pulumi from "@pulumi/pulumi";
import type { KeyBits } from "./issue-certificate.ts";

export interface ServerCertificateArgs {
  /** DNS names and IP addresses that clients use. A change issues a new certificate under the same authority. */
  hosts: pulumi.Input<pulumi.Input<string>[]>;
  /** PEM of the authority that signs. A change issues a new certificate. */
  authorityCertificatePem: pulumi.Input<string>;
  /** PEM of its key; treated as a secret. */
  authorityPrivateKeyPem: pulumi.Input<string>;
  /** RSA key size. Default: 3072. A change issues a new certificate. */
  keyBits?: pulumi.Input<KeyBits>;
  /** 397 days at most, the default; never beyond the authority's end. A change issues a new certificate. */
  lifetime?: pulumi.Input<string>;
  /** How long before its end preview shows an update and the next `up` issues a new one. Default: 30 days. */
  renewBefore?: pulumi.Input<string>;
  /** Raise it to issue a new certificate. Default: 1. */
  generation?: pulumi.Input<number>;
}

/** A server certificate for the registry, signed by the authority; each renewal comes with a new key. */
export class ServerCertificate extends pulumi.CustomResource {
  /** PEM of the certificate alone. */
  declare readonly certificatePem: pulumi.Output<string>;
  /** PEM of the certificate, then of the authority's: what a server presents. */
  declare readonly chainPem: pulumi.Output<string>;
  /** PEM; secret. */
  declare readonly privateKeyPem: pulumi.Output<string>;
  /** ISO 8601, five minutes before the issue: clients' clocks may be behind. */
  declare readonly notBefore: pulumi.Output<string>;
  /** ISO 8601. */
  declare readonly notAfter: pulumi.Output<string>;
  /** SHA-256 of the DER form, in hex. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** In hex. */
  declare readonly serialNumber: pulumi.Output<string>;

  constructor(name: string, args: ServerCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, authorityPrivateKeyPem: pulumi.secret(args.authorityPrivateKeyPem) };
    const outputs = {
      certificatePem: undefined,
      chainPem: undefined,
      privateKeyPem: undefined,
      notBefore: undefined,
      notAfter: undefined,
      fingerprint: undefined,
      serialNumber: undefined,
    };
    const options = pulumi.mergeOptions({ additionalSecretOutputs: ["privateKeyPem"] }, opts);
    super("registry-kit:certificates:ServerCertificate", name, { ...inputs, ...outputs }, options);
  }
}
