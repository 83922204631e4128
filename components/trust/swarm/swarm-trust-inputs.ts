import { z } from "zod";
import { dockerHost } from "../../../lib/docker/docker-host.ts";
import { defaultCertsDirectory, isRegistryHost } from "../certs-directory.ts";
import { certificateProblem } from "../pem-certificates.ts";

export const swarmTrustInputs = z.strictObject({
  dockerHost: dockerHost.default({}),
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,40}$/, "must be letters, digits, _ and -, 41 at most"),
  hosts: z
    .array(z.string().refine(isRegistryHost, "must be a DNS name or an IP address, without scheme, port or path"))
    .min(1, "must name at least one host"),
  ports: z.array(z.int().min(1).max(65535)).min(1, "must name at least one port"),
  certificatePem: z.string().superRefine((text, context) => {
    const problem = certificateProblem(text);
    if (problem) context.addIssue({ code: "custom", message: `must be certificates in PEM: this ${problem}` });
  }),
  image: z.string().min(1),
  certsDirectory: z
    .string()
    .regex(/^\/[^\s:]+\/[^\s:/]+$/, "must be an absolute path, two folders deep at least, without blanks and colons")
    .default(defaultCertsDirectory),
});

export type SwarmTrustInputs = z.infer<typeof swarmTrustInputs>;
