import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { type ConnectionSettings, connectionSettings } from "../../../lib/docker/connection-settings.ts";
import { dockerClientFor } from "../../../lib/docker/docker-client-for.ts";
import { daemonMessage } from "../../../lib/docker/docker-error.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { type RegistryAuth, readRegistryAuth } from "./registry-auth.ts";

/** Milliseconds that a daemon may take to answer its first ping. */
const pingTimeout = 30_000;

/** The one daemon that this provider talks to; opened on first use, so that checks and diffs need none. */
export class Connection {
  registryAuth: RegistryAuth = () => undefined;
  #settings = connectionSettings({});
  #client: Promise<Docker> | undefined;

  constructor() {
    // What is wrong with the environment is reported by the first request that needs the daemon.
    this.#settings.catch(() => undefined);
  }

  /** Takes the provider's configuration; see `connectionSettings` and `readRegistryAuth`. */
  async configure(config: PropertyMap): Promise<void> {
    this.#settings = connectionSettings(config);
    this.#client = undefined;
    await this.#settings;
    this.registryAuth = await readRegistryAuth(config.registryAuth);
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

  /** The newest API that the daemon has, such as "1.41". */
  async apiVersion(): Promise<string> {
    return (await (await this.docker()).version()).ApiVersion;
  }
}

async function open(settings: ConnectionSettings): Promise<Docker> {
  const docker = dockerClientFor(settings);
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
