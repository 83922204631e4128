import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type Docker from "dockerode";
import type { DockerHost } from "./docker-host.ts";
import { dockerHostText } from "./docker-host.ts";

const require = createRequire(import.meta.url);

/** How long to wait for the engine's answer to one request, unless a call says otherwise. */
const requestTimeoutMilliseconds = 60_000;

/**
 * A client for a Docker engine. Without a URL it follows DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH,
 * as the docker command does.
 */
export function dockerClient(host: DockerHost): Docker {
  const url = new URL(dockerHostText(host));
  const timeout = requestTimeoutMilliseconds;
  // Loaded by the first client, not by everything that could need one: SSH and gRPC come with it.
  const Client = require("dockerode") as typeof Docker;
  switch (url.protocol) {
    case "unix:":
      return new Client({ socketPath: url.pathname, timeout });
    case "npipe:":
      return new Client({ socketPath: dockerHostText(host).slice("npipe://".length), timeout });
    case "ssh:":
      return new Client({
        protocol: "ssh",
        host: url.hostname,
        port: Number(url.port || 22),
        username: decodeURIComponent(url.username) || process.env.USER || "root",
        sshOptions: process.env.SSH_AUTH_SOCK ? { agent: process.env.SSH_AUTH_SOCK } : {},
        timeout,
      });
    case "tcp:": {
      const certPath = host.certPath ?? process.env.DOCKER_CERT_PATH;
      const address = { host: url.hostname, port: Number(url.port || (certPath ? 2376 : 2375)), timeout };
      if (!certPath) return new Client({ ...address, protocol: "http" });
      const read = (name: string) => readFileSync(join(certPath, name));
      return new Client({
        ...address,
        protocol: "https",
        ca: read("ca.pem"),
        cert: read("cert.pem"),
        key: read("key.pem"),
      });
    }
    default:
      throw new Error(`Docker host ${dockerHostText(host)}: must begin with unix://, tcp://, ssh:// or npipe://.`);
  }
}

/** Whether a Docker API error says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
}
