import type { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import type { PropertyMap } from "../../protocol/property-value.ts";
import { type ConnectionSettings, connectionSettings } from "./connection-settings.ts";
import { daemonMessage } from "./docker-error.ts";
import { RegistryAuth } from "./registry-auth.ts";
import { sshAgent } from "./ssh-agent.ts";

/** Milliseconds that a daemon may take to answer its first ping. */
const pingTimeout = 30_000;

/** The one daemon that this provider talks to; opened on first use, so that checks and diffs need none. */
export class Connection {
  registryAuth = new RegistryAuth([]);
  #settings = connectionSettings({});
  #client: Promise<Docker> | undefined;

  /** Takes the provider's configuration; see `connectionSettings` and `RegistryAuth`. */
  async configure(config: PropertyMap): Promise<void> {
    this.#settings = connectionSettings(config);
    this.#client = undefined;
    await this.#settings;
    this.registryAuth = await RegistryAuth.fromConfig(config.registryAuth);
  }

  /** The client; fails, and is tried again by the next request, where no daemon answers. */
  async docker(): Promise<Docker> {
    this.#client ??= this.#settings.then(open);
    try {
      return await this.#client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }
}

async function open(settings: ConnectionSettings): Promise<Docker> {
  const docker = new Docker(clientOptions(settings));
  if (!settings.ping) return docker;
  try {
    await Promise.race([docker.ping(), timeUp(pingTimeout)]);
  } catch (error) {
    throw new Error(
      `No Docker daemon answers at ${settings.host}: ${daemonMessage(error)}. ` +
        "Start it, or set docker:host or DOCKER_HOST to where it is.",
      { cause: error },
    );
  }
  return docker;
}

async function timeUp(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false });
  throw new Error(`no answer within ${milliseconds / 1000} seconds`);
}

/** What dockerode takes; its types leave the agent out. */
type ClientOptions = Docker.DockerOptions & { agent?: Agent };

function clientOptions({ host, sshOptions, tls }: ConnectionSettings): ClientOptions {
  // dockerode falls back to DOCKER_HOST and DOCKER_CERT_PATH for every option that is not there at all.
  const none = {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
  };
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
    host: hostname,
    port: port || (secure ? 2376 : 2375),
  };
}
