import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../lib/time/duration.ts";
import type { KeyBits } from "./key-pair.ts";
import type { TlsCertificate } from "./tls-certificate.ts";
import { tlsCertificateOutputs } from "./tls-certificate.ts";

export interface ServerCertificateArgs {
  /**
   * The names that clients use, at least one: DNS names (`*.example.com` for all names one label deeper), IPv4 and IPv6
   * addresses; no scheme, port or path. A change re-issues under the same authority.
   */
  hosts: pulumi.Input<pulumi.Input<string>[]>;
  /** Certificate of the authority that signs, PEM, with an RSA or an ECDSA key; of a `CertificateAuthority` or your own. A change re-issues. */
  authorityCertificatePem: pulumi.Input<string>;
  /** The authority's key, PEM, not encrypted; kept as a secret. A change re-issues. */
  authorityPrivateKeyPem: pulumi.Input<string>;
  /**
   * Kind of the key: `ecdsa` (P-256), whose handshakes cost a fraction of RSA's, or `rsa`. A change re-issues.
   * @default "ecdsa" for a new certificate, "rsa" with `keyBits`; one that exists keeps its kind
   */
  keyType?: pulumi.Input<"ecdsa" | "rsa">;
  /**
   * Bits of an RSA key: 2048, 3072 or 4096. A change re-issues.
   * @default 3072; a certificate that exists keeps what it has
   */
  keyBits?: pulumi.Input<KeyBits>;
  /**
   * How long the certificate is valid from its issue on: 397 days at most, as clients refuse longer ones. Cut short where
   * the authority ends before. A change re-issues.
   * @default "397 days"
   */
  lifetime?: pulumi.Input<Duration>;
  /**
   * The renewal window: how long before its end the certificate is re-issued, by the first `up` inside it. Shorter than
   * the lifetime. A change re-issues only what is inside the new window.
   * @default "30 days"
   */
  renewBefore?: pulumi.Input<Duration>;
  /**
   * A whole number from 1 on; raising it re-issues now, for example after a key was exposed. Lowering it does nothing.
   * @default 1
   */
  generation?: pulumi.Input<number>;
}

/**
 * A key and a certificate for a TLS server, signed by an authority.
 *
 * Every re-issue is an update in place with a new key; clients that trust the authority notice nothing, the server has to
 * get the new files. Inside the renewal window a preview shows the update and the reason. A certificate that ends together
 * with its authority is not re-issued, as a new one would end no later: a warning says that the authority comes first.
 *
 * Errors, at preview where the authority exists by then: an authority that is none, is out of date, has another key or
 * one that is neither RSA nor ECDSA; hosts that are none; a lifetime or window that is too long.
 *
 * There are no revocation lists and no OCSP: neither Docker nor Go, which it is written in, asks for them.
 *
 * @example
 * ```ts
 * import { CertificateAuthority, ServerCertificate } from "registry-kit";
 *
 * const authority = new CertificateAuthority("authority", { commonName: "Example CA" });
 * new ServerCertificate("certificate", {
 *   hosts: ["registry.example.com"],
 *   authorityCertificatePem: authority.certificatePem,
 *   authorityPrivateKeyPem: authority.privateKeyPem,
 * });
 * ```
 */
export class ServerCertificate extends pulumi.CustomResource implements TlsCertificate {
  declare readonly certificatePem: pulumi.Output<string>;
  declare readonly chainPem: pulumi.Output<string>;
  declare readonly privateKeyPem: pulumi.Output<string>;
  declare readonly authorityCertificatePem: pulumi.Output<string>;
  declare readonly notBefore: pulumi.Output<string>;
  declare readonly notAfter: pulumi.Output<string>;
  declare readonly fingerprint: pulumi.Output<string>;
  declare readonly serialNumber: pulumi.Output<string>;

  constructor(name: string, args: ServerCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = {
      ...tlsCertificateOutputs,
      ...args,
      authorityPrivateKeyPem: pulumi.secret(args.authorityPrivateKeyPem),
    };
    const secrets = { additionalSecretOutputs: ["privateKeyPem"] };
    super("registry-kit:certificates:ServerCertificate", name, inputs, pulumi.mergeOptions(opts, secrets));
  }
}
