import { z } from "zod";
import { durationSchema } from "./duration.ts";
import { keyBitsSchema } from "./key-pair.ts";

/** Inputs of everything that issues certificates. */
export const issueInputs = {
  keyBits: keyBitsSchema.default(3072),
  renewBefore: durationSchema.default("30 days"),
  generation: z.int({ error: "must be a whole number, 1 or more" }).min(1).default(1),
};

/** PEM text as an input. */
export const pemSchema = z.string({ error: "must be PEM text" });

/** What every certificate resource tells about its certificate. */
export const certificateFactsSchema = z.object({
  /** First and last moment of validity: ISO 8601, UTC. */
  notBefore: z.string(),
  notAfter: z.string(),
  /** SHA-256 of the DER form: 64 hexadecimal digits in lower case. */
  fingerprint: z.string(),
  /** Hexadecimal digits in lower case. */
  serialNumber: z.string(),
});

export type CertificateFacts = z.infer<typeof certificateFactsSchema>;

/** Outputs of what a TLS server needs, of any issuer. */
export const serverCertificateOutputs = certificateFactsSchema.extend({
  certificatePem: z.string(),
  /** What the server sends: its certificate, then those of its issuers. */
  chainPem: z.string(),
  privateKeyPem: z.string(),
  /** What clients have to trust. */
  authorityCertificatePem: z.string(),
});

export type ServerCertificateOutputs = z.infer<typeof serverCertificateOutputs>;
