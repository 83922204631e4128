import { z } from "zod";
import { durationSchema as duration } from "../../components/certificates/duration.ts";

const issued = {
  keyBits: z
    .union([z.literal(2048), z.literal(3072), z.literal(4096)])
    .default(3072)
    .describe("Size of RSA keys: 2048, 3072 or 4096 bits. A change issues new certificates."),
  authority: z
    .strictObject({
      commonName: z
        .string()
        .min(1)
        .max(64)
        .default("registry-kit CA")
        .describe("Name in the authority's certificate. A change makes a new authority: every daemon must get it."),
      lifetime: duration.default("10 years").describe("How long the authority is valid."),
      renewBefore: duration
        .default("1 year")
        .describe("How long before its end the next up makes a new one: every daemon must get it."),
    })
    .prefault({})
    .describe("The certificate authority; daemons trust it."),
  certificate: z
    .strictObject({
      lifetime: duration.default("397 days").describe("How long a server certificate is valid; 397 days at most."),
      renewBefore: duration.default("30 days").describe("How long before its end the next up re-issues it."),
    })
    .prefault({})
    .describe("The server certificate, signed by the authority."),
};

const provided = z.strictObject({
  certificate: z
    .string()
    .describe("PEM of your server certificate; it must cover every host. Those of its issuers may follow."),
  privateKey: z.string().meta({ secret: true }).describe("PEM of its key, not encrypted with a passphrase."),
  chain: z
    .string()
    .optional()
    .describe("PEM of the issuers' certificates, nearest first; the last is what daemons trust."),
});

const clients = z.strictObject({
  authorities: z
    .string()
    .describe("PEM of the authorities that sign the certificates of clients. A change restarts the registry in place."),
  certificate: z
    .string()
    .describe("PEM of a client certificate that npm run verify shows; those of its issuers may follow."),
  privateKey: z.string().meta({ secret: true }).describe("PEM of its key, not encrypted with a passphrase."),
});

export const tlsSettings = z
  .union([
    z.literal("none"),
    z.strictObject({
      ...issued,
      clients: clients
        .optional()
        .describe(
          "Every client must show a certificate of your authority: docs/client-certificates.md. Default: none must.",
        ),
      provided: provided.optional().describe("Your own certificate instead of one issued here."),
    }),
  ])
  .prefault({});
