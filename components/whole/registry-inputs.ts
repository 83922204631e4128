import { isIP } from "node:net";
import { z } from "zod";
import { dockerHost } from "../../lib/docker/docker-host.ts";
import { dockerName } from "../../lib/docker/docker-name.ts";
import { durationSchema as duration } from "../../lib/time/duration.ts";
import { pemSchema } from "../certificates/certificate-schemas.ts";
import { hostName } from "../certificates/host-name.ts";
import { keyBitsSchema, keyTypeSchema } from "../certificates/key-pair.ts";
import { permittedSchema } from "../certificates/name-constraints.ts";
import { insecureEntry } from "../daemon-json/registry-entries.ts";
import { nodeConnection } from "../machines/node-connection.ts";
import { sshLogin } from "../machines/ssh/ssh-login.ts";
import { port } from "../registry/configuration/field-types.ts";
import { registryOptions } from "../registry/configuration/registry-options.ts";
import { storageConfiguration } from "../registry/configuration/storage-configuration.ts";
import { containerInputs } from "../registry/container-inputs.ts";
import { imageInput } from "../registry/image-input.ts";
import { proxyInputs } from "../registry/proxy-inputs.ts";
import { serviceInputs } from "../registry/service-inputs.ts";
import { clientNames } from "../trust/client-name.ts";
import { mirrorUrl, registryOfImages } from "../trust/node-trust-inputs.ts";
import { users } from "../users/user.ts";

const generation = z.int().min(1);

const clientAuthoritiesPem = pemSchema
  .optional()
  .describe("Every client must show a certificate of one of these authorities, PEM. Default: no client must.");

const issuedTls = z.strictObject({
  keyType: keyTypeSchema.describe(
    "Kind of the server's key: ecdsa (P-256), or rsa for clients that know nothing else. Default: ecdsa, or rsa with keyBits.",
  ),
  keyBits: keyBitsSchema.optional().describe("Bits of RSA keys: 2048, 3072 or 4096. Default: 3072 where keys are RSA."),
  authority: z
    .strictObject({
      commonName: z.string().min(1).max(64).optional().describe("Name in the certificate. Default: registry-kit CA."),
      keyType: keyTypeSchema.describe("Kind of its key. Default: as the server's."),
      permitted: permittedSchema.optional().describe("Domains and networks that it can sign for. Default: all."),
      lifetime: duration.optional().describe("How long it is valid. Default: 10 years."),
      renewBefore: duration
        .optional()
        .describe("How long before its end the next up makes a new one, which every client must get. Default: 1 year."),
      generation: generation.optional().describe("Raise it to make a new one now. Default: 1."),
    })
    .optional()
    .describe("The certificate authority; clients trust it."),
  certificate: z
    .strictObject({
      lifetime: duration.optional().describe("How long it is valid: at most, and by default, 397 days."),
      renewBefore: duration
        .optional()
        .describe("How long before its end the next up issues a new one. Default: 30 days."),
      generation: generation.optional().describe("Raise it to issue a new one now. Default: 1."),
    })
    .optional()
    .describe("The server certificate, signed by the authority."),
  clientAuthoritiesPem,
});

const givenTls = z.strictObject({
  chainPem: pemSchema.describe("The server's certificate, then those of its issuers, nearest first; PEM."),
  privateKeyPem: pemSchema.meta({ secret: true }).describe("Its key, PEM, not encrypted."),
  authorityCertificatePem: pemSchema.describe("What clients have to trust, PEM."),
  notAfter: z.string().optional().describe("When the certificate ends, ISO 8601: for the output certificateExpires."),
  clientAuthoritiesPem,
});

const storage = z.union([
  z.strictObject({
    volume: z
      .strictObject({
        name: dockerName.describe("Name of the Docker volume. A change starts with another volume."),
        driver: z.string().min(1).optional().describe("Volume driver. Default: local."),
        driverOptions: z.record(z.string(), z.string()).optional().describe("Options of the driver."),
        keep: z
          .boolean()
          .optional()
          .describe("Whether the volume, and with it the images, stays on teardown. Default: true."),
      })
      .describe("A Docker volume."),
  }),
  z.strictObject({
    bindMount: z
      .strictObject({
        path: z.string().startsWith("/", "must be an absolute path").describe("Existing folder on the Docker host."),
      })
      .describe("A folder of the Docker host; never removed."),
  }),
  z.strictObject({
    objects: storageConfiguration
      .meta({ secret: true })
      .describe("A bucket, as the registry's own configuration names it."),
    authority: pemSchema.optional().describe("PEM of authorities that sign the store's certificate."),
    hasSessionToken: z.boolean().optional().describe("Whether the access key of S3 has a session token."),
  }),
]);

const clients = z
  .union([z.literal("detect"), z.array(z.enum(clientNames)).min(1)])
  .optional()
  .describe(
    'A list of docker, containerd and podman (with CRI-O), or "detect": those that are there. Default: docker.',
  );

const node = {
  clients,
  rootless: z.boolean().optional().describe("Whether the clients run as the user who logs in. Default: false."),
  certsDirectory: z
    .string()
    .startsWith("/", "must be an absolute path on the node, such as /etc/docker/certs.d")
    .optional()
    .describe("The Docker daemon's folder of certificates. Default: /etc/docker/certs.d."),
};

const trust = z.union([
  z.enum(["local", "none", "swarm"]),
  z.strictObject({
    ...node,
    adopt: z
      .boolean()
      .optional()
      .describe("Replace a different ca.crt that is already there; teardown restores it. Default: false."),
    mirrors: z
      .record(registryOfImages, z.array(mirrorUrl).min(1))
      .optional()
      .describe("A map from registry to the URLs of its mirrors. Docker uses those of docker.io."),
    insecureRegistries: z
      .array(insecureEntry)
      .optional()
      .describe("Other registries that the Docker daemons use without TLS."),
    nodes: z
      .record(
        z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/, "must be letters, digits, . _ and -"),
        z.strictObject({
          connection: nodeConnection.describe("This machine, or a host and a port for ssh."),
          login: sshLogin.partial().optional().describe("How to get in by ssh."),
          ...node,
        }),
      )
      .optional()
      .describe("A map from a name to a node. Default: this machine."),
  }),
]);

/** What a `Registry` takes where it is known: the checks behind its arguments, and the types of its schema for other languages. */
export const registryInputs = z.strictObject({
  hosts: z
    .array(hostName, { error: "must be a list of the names and addresses by which clients reach the registry" })
    .min(1, "is empty; name at least one host by which clients reach the registry"),
  name: dockerName.optional(),
  port: port.optional(),
  address: z
    .string()
    .refine((value) => isIP(value) !== 0, "must be an IP address of the Docker host")
    .optional(),
  image: imageInput.optional(),
  tls: z.union([z.literal("none"), issuedTls, givenTls]).optional(),
  users: z.union([z.literal("none"), users]).optional(),
  htpasswd: z.string().min(1).meta({ secret: true }).optional(),
  storage: storage.optional(),
  container: containerInputs.optional(),
  service: serviceInputs.optional(),
  swarm: z
    .strictObject({
      initialize: z.boolean().optional().describe("Whether a host that is in no swarm makes one. Default: false."),
      advertiseAddress: z
        .string()
        .optional()
        .describe("Address by which other nodes reach such a swarm. Default: 127.0.0.1."),
    })
    .optional(),
  registry: registryOptions.optional(),
  proxy: proxyInputs.optional(),
  trust: trust.optional(),
  dockerHost: dockerHost.optional(),
  networks: z.array(dockerName).optional(),
});
