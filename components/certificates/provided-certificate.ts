import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../lib/time/duration.ts";
import type { TlsCertificate } from "./tls-certificate.ts";
import { tlsCertificateOutputs } from "./tls-certificate.ts";

export interface ProvidedCertificateArgs {
  /** The names that clients use, at least one; the certificate must cover each. As in `ServerCertificate`. */
  hosts: pulumi.Input<pulumi.Input<string>[]>;
  /** The server certificate, PEM; those of its issuers may follow it, as in `fullchain.pem`. */
  certificatePem: pulumi.Input<string>;
  /** Its key: RSA of 2048 bits or more, EC on P-256, P-384 or P-521, or Ed25519; PEM, not encrypted. Kept as a secret. */
  privateKeyPem: pulumi.Input<string>;
  /**
   * The issuers' certificates, PEM, nearest first; the last is the one that clients have to trust.
   * @default none: the certificate is self-signed, or `certificatePem` holds them
   */
  chainPem?: pulumi.Input<string>;
  /**
   * How long before the end of the certificate every preview and `up` warns. A change changes only that.
   * @default "30 days"
   */
  renewBefore?: pulumi.Input<Duration>;
}

/**
 * A certificate, key and chain that you bring, checked before anything uses them: every change of them is an update in
 * place.
 *
 * Refused at preview, with all reasons at once: text that can't be read, an encrypted, short or foreign key, a host that
 * the certificate does not cover (the common name does not count, a wildcard stands for one whole label), a certificate
 * that is out of date or not for servers, a chain that is incomplete, out of order or does not verify.
 *
 * Not checked: whether clients trust the last certificate of the chain, and revocation (lists or OCSP).
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { ProvidedCertificate, Registry } from "registry-kit";
 *
 * const hosts = ["registry.example.com"];
 * const tls = new ProvidedCertificate("certificate", {
 *   hosts,
 *   certificatePem: readFileSync("fullchain.pem", "utf8"),
 *   privateKeyPem: readFileSync("privkey.pem", "utf8"),
 * });
 * new Registry("registry", { hosts, tls });
 * ```
 */
export class ProvidedCertificate extends pulumi.CustomResource implements TlsCertificate {
  declare readonly certificatePem: pulumi.Output<string>;
  declare readonly chainPem: pulumi.Output<string>;
  declare readonly privateKeyPem: pulumi.Output<string>;
  declare readonly authorityCertificatePem: pulumi.Output<string>;
  declare readonly notBefore: pulumi.Output<string>;
  declare readonly notAfter: pulumi.Output<string>;
  declare readonly fingerprint: pulumi.Output<string>;
  declare readonly serialNumber: pulumi.Output<string>;

  constructor(name: string, args: ProvidedCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = { ...tlsCertificateOutputs, ...args, privateKeyPem: pulumi.secret(args.privateKeyPem) };
    const secrets = { additionalSecretOutputs: ["privateKeyPem"] };
    super("registry-kit:certificates:ProvidedCertificate", name, inputs, pulumi.mergeOptions(opts, secrets));
  }
}
