import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { dockerClientFor } from "../../engine/docker/common/docker-client-for.ts";
import type { DockerHost } from "./docker-host.ts";
import { dockerHostText } from "./docker-host.ts";

/** How long to wait for the engine's answer to one request. */
const requestTimeoutMilliseconds = 60_000;

/**
 * A client for a Docker engine. Without a URL it follows DOCKER_HOST and DOCKER_CERT_PATH, as the docker command does;
 * ssh:// goes through the user's own ssh, with its configuration, keys and known hosts.
 */
export function dockerClient(host: DockerHost): Docker {
  const certPath = host.certPath ?? process.env.DOCKER_CERT_PATH;
  const read = (name: string) => readFileSync(join(certPath ?? "", name), "utf8");
  const address = dockerHostText(host);
  const tls =
    certPath && address.startsWith("tcp:")
      ? { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") }
      : undefined;
  return dockerClientFor({ host: address, sshOptions: [], ...(tls ? { tls } : {}) }, requestTimeoutMilliseconds);
}

/** Whether a Docker API error says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}
