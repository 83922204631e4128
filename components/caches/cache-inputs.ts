import { isIP } from "node:net";
import { z } from "zod";
import { dockerHost } from "../../lib/docker/docker-host.ts";
import { dockerName } from "../../lib/docker/docker-name.ts";
import { duration, origin, port } from "../registry/configuration/field-types.ts";
import { registryOptions } from "../registry/configuration/registry-options.ts";
import { containerInputs } from "../registry/container-inputs.ts";
import { imageInput } from "../registry/image-input.ts";
import { proxyInputs } from "../registry/proxy-inputs.ts";

const { network: _, networks: __, ...container } = containerInputs.shape;
const { delete: ___, cache: ____, ...options } = registryOptions.shape;

/** What a `PullThroughCache` takes where it is known. */
export const cacheInputs = z.strictObject({
  name: dockerName,
  upstream: z.strictObject({
    url: origin.describe("Scheme, host and port. https://registry-1.docker.io is Docker Hub."),
    ttl: duration(0).describe("How long an image is kept after it came, for example 168h; 0s: forever."),
    credentials: z
      .strictObject({
        username: z.string().min(1).describe("User there."),
        password: z.string().min(1).meta({ secret: true }).describe("Password or access token."),
      })
      .optional()
      .describe("The user who asks for images there. Default: nobody in particular."),
    authorityPem: z
      .string()
      .optional()
      .describe("PEM of the authority that signed its certificate, if it is not public."),
  }),
  dockerHost: dockerHost.optional(),
  image: imageInput.optional(),
  port: port.optional(),
  address: z
    .string()
    .refine((value) => isIP(value) !== 0, "must be an IP address of the Docker host")
    .optional(),
  tls: z
    .looseObject({
      chainPem: z.string().describe("The server's certificate, then those of its issuers, nearest first; PEM."),
      privateKeyPem: z.string().meta({ secret: true }).describe("Its key, PEM, not encrypted."),
    })
    .optional(),
  volume: z
    .strictObject({
      name: dockerName.optional().describe("Name of the volume. Default: made of the names of container and upstream."),
      keep: z.boolean().optional().describe("Whether it outlives the cache. Default: false."),
    })
    .optional(),
  options: z.strictObject(options).optional(),
  proxy: proxyInputs.optional(),
  container: z.strictObject(container).optional(),
});

/** What must be plain of it. */
export const plainCacheInputs: readonly string[] = ["dockerHost", "volume", "options", "proxy", "container"];

/** What it tells of itself. */
export const cacheOutputs = z.object({ containerId: z.string(), volume: z.string() });
