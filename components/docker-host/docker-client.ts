import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { dockerClientFor } from "../../engine/docker/common/docker-client-for.ts";
import type { DockerHost } from "./docker-host.ts";
import { dockerHostText } from "./docker-host.ts";

/** How long to wait for the engine's answer to one request, unless a call says otherwise. */
const requestTimeoutMilliseconds = 60_000;

/**
 * A client for a Docker engine. Without a URL it follows DOCKER_HOST, for tcp:// with TLS without a folder
 * DOCKER_CERT_PATH, and for ssh:// it runs the ssh command, with its configuration, keys and known hosts, and with the
 * arguments in DOCKER_SSH_OPTS: all as the Docker provider does. Contexts are refused rather than followed halfway.
 *
 * @param timeout milliseconds without an answer after which a request fails
 */
export function dockerClient(host: DockerHost, timeout = requestTimeoutMilliseconds): Docker {
  refuseContext();
  const address = dockerHostText(host);
  const tls = address.startsWith("tcp://") ? tlsFiles(host.certPath ?? process.env.DOCKER_CERT_PATH) : undefined;
  const sshOptions = (process.env.DOCKER_SSH_OPTS ?? "").split(/\s+/).filter(Boolean);
  return dockerClientFor({ host: address, sshOptions, ...(tls ? { tls } : {}) }, timeout);
}

function tlsFiles(folder: string | undefined): { ca: string; cert: string; key: string } | undefined {
  if (folder) {
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  }
  if (process.env.DOCKER_TLS_VERIFY) {
    throw new Error("DOCKER_TLS_VERIFY is set: name the folder with ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH.");
  }
  return undefined;
}

function refuseContext(): void {
  const context = process.env.DOCKER_CONTEXT;
  if (!context) return;
  throw new Error(
    `DOCKER_CONTEXT is set (${context}), which the kit does not follow: unset it, and name the engine in DOCKER_HOST or docker.url.`,
  );
}

/** Whether a Docker API error says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}
