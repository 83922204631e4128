import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { dockerClientFor } from "./docker-client-for.ts";
import { activeContext, DockerContextError } from "./docker-context.ts";
import type { DockerHost } from "./docker-host.ts";
import { dockerHostText } from "./docker-host.ts";

/** How long to wait for the engine's answer to one request, unless a call says otherwise. */
const requestTimeoutMilliseconds = 60_000;

/**
 * A client for a Docker engine. Without a URL it follows DOCKER_HOST, for tcp:// with TLS without a folder
 * DOCKER_CERT_PATH, and for ssh:// it runs the ssh command, with its configuration, keys and known hosts, and with the
 * arguments in DOCKER_SSH_OPTS: all as the Docker provider does. The kit's commands have put the active context into DOCKER_HOST
 * (scripts/command-line/follow-docker-context.ts); under plain `pulumi` it is refused, as Pulumi's Docker plugin would not follow it.
 *
 * @param timeout milliseconds without an answer after which a request fails
 */
export function dockerClient(host: DockerHost, timeout = requestTimeoutMilliseconds): Docker {
  refuseContext(host);
  const address = dockerHostText(host);
  const tls = address.startsWith("tcp://") ? tlsFiles(host.certPath ?? process.env.DOCKER_CERT_PATH) : undefined;
  const sshOptions = (process.env.DOCKER_SSH_OPTS ?? "").split(/\s+/).filter(Boolean);
  return dockerClientFor({ host: address, sshOptions, ...(tls ? { tls } : {}) }, timeout);
}

function tlsFiles(folder: string | undefined): { ca: string; cert: string; key: string } | undefined {
  if (folder) {
    const read = (name: string) => readFile(join(folder, name));
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  }
  if (process.env.DOCKER_TLS_VERIFY) {
    throw new DockerContextError(
      "DOCKER_TLS_VERIFY is set: name the folder with ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH.",
    );
  }
  return undefined;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DockerContextError(
      `${path} cannot be read (${code}): name the folder with ca.pem, cert.pem and key.pem in docker.certPath or DOCKER_CERT_PATH.`,
    );
  }
}

function refuseContext({ url }: DockerHost): void {
  // Pulumi's Docker plugin puts this one before any host, also before that of the settings.
  const asked = process.env.DOCKER_CONTEXT;
  const context = url ? undefined : activeContext();
  if (!asked && !context) return;
  const lines = [
    ...(context ? [`export DOCKER_HOST=${context.host}`] : []),
    ...(context?.certPath ? [`export DOCKER_CERT_PATH=${context.certPath}`] : []),
    ...(asked ? ["unset DOCKER_CONTEXT"] : []),
  ];
  if (asked === "default") {
    throw new DockerContextError(
      `DOCKER_CONTEXT is "default", which Pulumi's Docker plugin does not know as the docker command does. Type: unset DOCKER_CONTEXT`,
    );
  }
  throw new DockerContextError(
    `Docker context "${asked ?? context?.name}" is active, and Pulumi's Docker plugin would go another way than the kit. Type: ${lines.join("; ")}`,
  );
}

/** Whether a Docker API error says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}
