import { z } from "zod";

/** What is known of an issued certificate; times are ISO 8601 in UTC. */
export const certificateOutputs = z.object({
  certificatePem: z.string(),
  privateKeyPem: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  fingerprint: z.string(),
  serialNumber: z.string(),
});
