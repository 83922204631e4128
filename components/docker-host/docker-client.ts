import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import { join } from "node:path";
import Docker from "dockerode";
import { sshAgent } from "../../engine/docker/common/ssh-agent.ts";
import type { DockerHost } from "./docker-host.ts";
import { dockerHostText } from "./docker-host.ts";

/** How long to wait for the engine's answer to one request, unless a call says otherwise. */
const requestTimeoutMilliseconds = 60_000;

/** What dockerode takes; its types leave the agent out. */
type ClientOptions = Docker.DockerOptions & { agent?: Agent };

/**
 * A client for a Docker engine. Without a URL it follows DOCKER_HOST, for tcp:// with TLS without a folder
 * DOCKER_CERT_PATH, and for ssh:// it runs the ssh command, with its configuration, keys and known hosts, and with the
 * arguments in DOCKER_SSH_OPTS: all as the Docker provider does. Contexts are refused rather than followed halfway.
 *
 * @param timeout milliseconds without an answer after which a request fails
 */
export function dockerClient(host: DockerHost, timeout = requestTimeoutMilliseconds): Docker {
  refuseContext();
  // dockerode takes from DOCKER_HOST and DOCKER_CERT_PATH whatever is not there at all.
  const nothing = {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
  };
  return new Docker({ ...nothing, timeout, ...connection(host) } as ClientOptions);
}

function connection(host: DockerHost): ClientOptions {
  const text = dockerHostText(host);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  switch (url?.protocol) {
    case "unix:":
      return { protocol: "http", socketPath: text.slice("unix://".length) };
    case "npipe:":
      return { protocol: "http", socketPath: text.slice("npipe://".length) };
    case "ssh:":
      return { protocol: "http", host: "docker", port: 80, agent: sshAgent(text, sshArguments()) };
    case "tcp:":
      return tcpConnection(url, host.certPath ?? process.env.DOCKER_CERT_PATH);
    default:
      throw new Error(`Docker host ${text}: must begin with unix://, tcp://, ssh:// or npipe://.`);
  }
}

function tcpConnection({ hostname, port }: URL, certPath: string | undefined): ClientOptions {
  const address = { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || (certPath ? 2376 : 2375)) };
  if (certPath) {
    const read = (name: string) => readFileSync(join(certPath, name));
    return { ...address, protocol: "https", ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  }
  if (process.env.DOCKER_TLS_VERIFY) {
    throw new Error("DOCKER_TLS_VERIFY is set: name the folder with ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH.");
  }
  return { ...address, protocol: "http" };
}

function sshArguments(): string[] {
  return (process.env.DOCKER_SSH_OPTS ?? "").split(/\s+/).filter(Boolean);
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
