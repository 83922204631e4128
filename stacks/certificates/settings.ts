import { z } from "zod";
import { permittedSchema } from "../../components/certificates/name-constraints.ts";
import { durationSchema as duration } from "../../lib/time/duration.ts";
import { pemAuthorities } from "../schema/pem-authorities.ts";

const issued = {
  keyType: z
    .enum(["ecdsa", "rsa"])
    .optional()
    .describe(
      "Kind of the server's key: ecdsa (P-256), with handshakes that cost a fraction of RSA's, or rsa for clients that know nothing else. Default: ecdsa, or rsa if keyBits is set. A stack keeps what it has. A change issues a new server certificate.",
    ),
  keyBits: z
    .union([z.literal(2048), z.literal(3072), z.literal(4096)])
    .optional()
    .describe(
      "Size of RSA keys: 2048, 3072 or 4096 bits. Default: 3072 if keys are RSA. A stack keeps what it has. A change issues new certificates.",
    ),
  authority: z
    .strictObject({
      keyType: z
        .enum(["ecdsa", "rsa"])
        .optional()
        .describe(
          "Kind of the authority's key. Default: rsa if keyType is rsa or keyBits is set, else ecdsa. A stack keeps what it has. A change creates a new authority, which every daemon must get.",
        ),
      commonName: z
        .string()
        .min(1)
        .max(64)
        .refine((name) => !/\p{Cc}/u.test(name), "must not hold control characters such as line ends")
        .default("registry-kit CA")
        .describe(
          "Name in the authority's certificate. A change creates a new authority, which every daemon must get.",
        ),
      permitted: permittedSchema
        .optional()
        .describe(
          "Domains (example.com, with all names below) and networks (10.0.0.0/8) that the authority can sign for (name constraints). Its key is then useless for any other host. Every host must be among them. Default: all. A change creates a new authority, which every daemon must get.",
        ),
      lifetime: duration.default("10 years").describe("How long the authority is valid."),
      renewBefore: duration
        .default("1 year")
        .describe("How long before its end the next up creates a new one, which every daemon must get."),
    })
    .prefault({})
    .describe("The certificate authority; daemons trust it."),
  certificate: z
    .strictObject({
      lifetime: duration.default("397 days").describe("How long a server certificate is valid: at most 397 days."),
      renewBefore: duration.default("30 days").describe("How long before its end the next up issues a new one."),
    })
    .prefault({})
    .describe("The server certificate, signed by the authority."),
};

const provided = z.strictObject({
  certificate: z
    .string()
    .describe("PEM of your server certificate. It must cover every host. Its issuers' certificates can follow."),
  privateKey: z.string().meta({ secret: true }).describe("PEM of its key, not encrypted with a passphrase."),
  chain: z
    .string()
    .optional()
    .describe("PEM of the issuers' certificates, nearest first; the last is what daemons trust."),
});

const clients = z.strictObject({
  authorities: pemAuthorities("privateKey").describe(
    "PEM of the authorities that sign the certificates of clients. A change restarts the registry in place.",
  ),
  certificate: z
    .string()
    .describe("PEM of a client certificate that npm run verify shows. Its issuers' certificates can follow."),
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
          "Every client must show a certificate of your authority: docs/client-certificates.md. Default: no client must.",
        ),
      provided: provided.optional().describe("Your own certificate instead of one issued here."),
    }),
  ])
  .prefault({});
