import type * as pulumi from "@pulumi/pulumi";

/** What a registry needs to speak TLS. */
export interface ServerFiles {
  /** The server certificate, then those of its issuers; PEM. */
  chainPem: pulumi.Input<string>;
  /** PEM; a secret. */
  privateKeyPem: pulumi.Input<string>;
  /** Every client must show a certificate of one of these authorities, PEM. Default: none is asked for. */
  clientAuthoritiesPem?: pulumi.Input<string> | undefined;
}
