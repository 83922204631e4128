import { z } from "zod";
import { nodeConnection } from "../machines/node-connection.ts";
import { sshLogin } from "../machines/ssh/ssh-login.ts";
import { defaultCertsDirectory, isRegistryHost } from "./certs-directory.ts";
import { clientNames } from "./client-name.ts";
import { certificateProblem } from "./pem-certificates.ts";

/** A mirror: scheme, host and port, no path, which Docker does not take. */
export const mirrorUrl = z
  .string()
  .refine(isBareUrl, "must be http:// or https://, a host and maybe a port, without a path or credentials");

/** A registry as image names begin with it. */
export const registryOfImages = z
  .string()
  .regex(
    /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*(:\d{1,5})?$/,
    'must be a registry as in image names: "docker.io"',
  );

export const nodeTrustInputs = z.strictObject({
  hosts: z
    .array(z.string().refine(isRegistryHost, "must be a DNS name or an IP address, without scheme, port or path"))
    .min(1, "must name at least one host"),
  port: z.int().min(1).max(65535),
  certificatePem: z
    .string()
    .superRefine((text, context) => {
      const problem = certificateProblem(text);
      if (problem) context.addIssue({ code: "custom", message: `must be certificates in PEM: this ${problem}` });
    })
    .optional(),
  insecure: z.boolean().default(false),
  connection: nodeConnection,
  login: sshLogin.optional(),
  clients: z
    .union([z.literal("detect"), z.array(z.enum(clientNames)).min(1)], {
      error: `must be "detect" or a list of ${clientNames.join(", ")}`,
    })
    .default(["docker"]),
  rootless: z.boolean().default(false),
  mirrors: z.record(registryOfImages, z.array(mirrorUrl).min(1)).default({}),
  certsDirectory: z
    .string()
    .regex(/^\/[^\0]*[^/\0]$/, "must be an absolute path")
    .default(defaultCertsDirectory),
  adopt: z.boolean().default(false),
});

export type NodeTrustInputs = z.infer<typeof nodeTrustInputs>;

/** It is written into TOML and JSON: no host has quotes, though URLs may. */
function isBareUrl(text: string): boolean {
  const host = String.raw`(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9._-]*[a-z0-9])?)(:\d{1,5})?`;
  if (!new RegExp(`^https?://${host}/?$`, "i").test(text) || !URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === "/" && `${search}${hash}${username}${password}` === "";
}
