import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../lib/time/duration.ts";
import type { KeyBits } from "./key-pair.ts";

export interface CertificateAuthorityArgs {
  /** The name that people see in lists of trusted authorities: 1 to 64 characters. A change re-issues. */
  commonName: pulumi.Input<string>;
  /**
   * Kind of the key: `ecdsa` (P-256), or `rsa`. A change re-issues.
   * @default "ecdsa" for a new authority, "rsa" with `keyBits`; one that exists keeps its kind
   */
  keyType?: pulumi.Input<"ecdsa" | "rsa">;
  /**
   * Bits of an RSA key: 2048, 3072 or 4096. A change re-issues.
   * @default 3072; an authority that exists keeps what it has
   */
  keyBits?: pulumi.Input<KeyBits>;
  /**
   * Domains (`example.com`, with all names below) and networks (`10.0.0.0/8`) that it may sign for: anyone who has its key can then
   * stand in for no other host. A change re-issues; so does a host outside of them, which is refused before.
   * @default all
   */
  permitted?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * How long the certificate is valid from its issue on, for example `10 years` (of 365 days). A change re-issues.
   * @default "10 years"
   */
  lifetime?: pulumi.Input<Duration>;
  /**
   * The renewal window: how long before its end the certificate is re-issued, by the first `up` inside it. Shorter
   * than the lifetime. A change re-issues only what is inside the new window.
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
 * A certificate authority: a key and a self-signed certificate that may sign server certificates, but no further
 * authorities. Clients trust its certificate; that is how server certificates are renewed without touching a client.
 *
 * Its subject names the stack and has a random number, so that no two authorities have the same one; those that a release up to 0.1
 * made have their common name alone.
 *
 * Every re-issue is an update in place with a new key: server certificates that take their authority from these outputs
 * are re-issued in the same run, and everything that trusts the authority has to get the new certificate.
 *
 * The private key is in the stack's state, as a secret. There are no revocation lists and no OCSP: neither Docker nor
 * Go, which it is written in, asks for them. To withdraw what it signed, raise `generation`.
 *
 * @example
 * ```ts
 * import { CertificateAuthority } from "registry-kit";
 *
 * const authority = new CertificateAuthority("authority", { commonName: "Example CA", permitted: ["example.com"] });
 * export const caCertificate = authority.certificatePem;
 * ```
 */
export class CertificateAuthority extends pulumi.CustomResource {
  /** The certificate, PEM. */
  declare readonly certificatePem: pulumi.Output<string>;
  /** PKCS #8, PEM; a secret. */
  declare readonly privateKeyPem: pulumi.Output<string>;
  /** First moment of validity, five minutes before the issue: ISO 8601, UTC. */
  declare readonly notBefore: pulumi.Output<string>;
  /** Last moment of validity: ISO 8601, UTC. */
  declare readonly notAfter: pulumi.Output<string>;
  /** SHA-256 of the certificate's DER form: 64 hexadecimal digits in lower case. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** Hexadecimal digits in lower case; random. */
  declare readonly serialNumber: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      certificatePem: undefined,
      privateKeyPem: undefined,
      notBefore: undefined,
      notAfter: undefined,
      fingerprint: undefined,
      serialNumber: undefined,
    };
    const secrets = { additionalSecretOutputs: ["privateKeyPem"] };
    super(
      "registry-kit:certificates:CertificateAuthority",
      name,
      { ...outputs, ...args },
      pulumi.mergeOptions(opts, secrets),
    );
  }
}
