import { z } from "zod";
import { durationSchema } from "../../lib/time/duration.ts";
import { type KeyBits, keyBitsSchema, keyTypeSchema } from "./key-pair.ts";

/** Inputs of everything that issues certificates. */
export const issueInputs = {
  keyType: keyTypeSchema,
  keyBits: keyBitsSchema.default(3072),
  renewBefore: durationSchema.default("30 days"),
  generation: z.int({ error: "must be a whole number, 1 or more" }).min(1).default(1),
};

/** The key of a new certificate, where the program leaves it open. What is issued again keeps the kind of its key. */
export function initialKey({ keyBits }: { keyBits?: KeyBits | undefined }) {
  return keyBits === undefined ? ({ keyBits: 3072, keyType: "ecdsa" } as const) : {};
}

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
