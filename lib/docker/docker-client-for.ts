import type { Agent } from "node:http";
import { createRequire } from "node:module";
import type Docker from "dockerode";
import { loadLater } from "../start-up/load-later.ts";
import type { ConnectionSettings } from "./connection-settings.ts";
import { sshAgent } from "./ssh-agent.ts";

const require = createRequire(import.meta.url);

/** Where a Docker daemon is, and what to show it. */
export type DockerAddress = Pick<ConnectionSettings, "host" | "sshOptions" | "tls">;

/**
 * A client for the daemon at an address; nothing is asked of it yet.
 * @param timeout milliseconds that one request may take without an answer; 0: no limit.
 */
export function dockerClientFor(address: DockerAddress, timeout = 0): Docker {
  const Client = loadDockerode();
  return new Client({ ...clientOptions(address), ...(timeout > 0 ? { timeout } : {}) });
}

/** Loaded by the first client, not by everything that could need one; and without its own SSH and BuildKit, unused here. */
function loadDockerode(): typeof Docker {
  const dockerode = createRequire(require.resolve("dockerode"));
  loadLater(dockerode, ["./session.js", "./buildkit.js", "tar-fs", "@balena/dockerignore"]);
  loadLater(createRequire(dockerode.resolve("docker-modem")), ["./ssh.js"]);
  return require("dockerode") as typeof Docker;
}

/** What dockerode takes; its types leave the agent out. */
type ClientOptions = Docker.DockerOptions & { agent?: Agent };

function clientOptions({ host, sshOptions, tls }: DockerAddress): ClientOptions {
  // dockerode falls back to DOCKER_HOST and DOCKER_CERT_PATH for every option that is not there at all.
  const none = Object.fromEntries(["socketPath", "host", "port", "ca", "cert", "key"].map((name) => [name, undefined]));
  const [, scheme, rest] = /^(\w+):\/\/(.*)$/.exec(host) ?? [];
  if (scheme === "unix" || scheme === "npipe") return { ...none, protocol: "http", socketPath: rest };
  if (scheme === "ssh")
    return { ...none, protocol: "http", host: "docker", port: 80, agent: sshAgent(host, sshOptions) };
  if (!rest || !["tcp", "http", "https"].includes(scheme ?? "")) {
    throw new Error(`The Docker host "${host}" is not of the form unix://, tcp://, https://, npipe:// or ssh://.`);
  }
  const { hostname, port } = new URL(`http://${rest}`);
  const secure = tls !== undefined || scheme === "https";
  return {
    ...none,
    ...(tls ?? {}),
    protocol: secure ? "https" : "http",
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port || (secure ? 2376 : 2375),
  };
}
