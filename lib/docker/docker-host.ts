import { z } from "zod";
import { dockerUrlProblem, dockerUrlRule } from "./docker-url.ts";

/** Which Docker engine: plain data, safe to show (it holds paths, never keys). */
export const dockerHost = z.strictObject({
  url: z
    .string()
    .regex(/^(unix|tcp|ssh|npipe):\/\/.+/, { error: dockerUrlRule, abort: true })
    .check(({ value, issues }) => {
      const message = dockerUrlProblem(value);
      if (message) issues.push({ code: "custom", message, input: "" });
    })
    .optional()
    .describe(
      "Docker engine to use. Default: the one that the docker command uses (DOCKER_HOST, DOCKER_CONTEXT or its current context), else the local socket.",
    ),
  certPath: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Folder with ca.pem, cert.pem and key.pem for tcp:// with TLS. Default: DOCKER_CERT_PATH. Only the path is stored.",
    ),
});

export type DockerHost = z.infer<typeof dockerHost>;

/** How the host is named in messages. */
export function dockerHostText(host: DockerHost): string {
  return host.url || process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
}

/** Whether it is reached by a socket or pipe of this machine. A TCP address of this machine may be a way to another one. */
export function isLocalSocket(host: DockerHost): boolean {
  return /^(unix|npipe):/.test(dockerHostText(host));
}
