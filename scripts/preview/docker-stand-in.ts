import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerClient } from "../../lib/docker/docker-client.ts";

/** Milliseconds that a Docker host may take to answer. */
const patience = 5000;

/**
 * Where the Docker host that the docker command would choose does not answer: a socket that answers pings and nothing else, for a
 * preview. Pulumi's plugin for Docker pings when it is configured, and a plan needs nothing more of it. The program still finds
 * that nobody answers, and says what it assumes.
 */
export async function dockerStandIn(): Promise<DockerStandIn | undefined> {
  try {
    await dockerClient({}, patience).ping();
    return undefined;
  } catch {
    return await DockerStandIn.start();
  }
}

export class DockerStandIn implements AsyncDisposable {
  readonly #folder: string;
  readonly #server = createServer((request, response) => {
    const ping = /\/_ping$/.test(request.url ?? "");
    response.writeHead(ping ? 200 : 503, { "Api-Version": "1.41", "Content-Type": "application/json" });
    response.end(ping ? "OK" : '{"message":"nobody answers; assumed for this preview"}');
  });

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(): Promise<DockerStandIn> {
    const standIn = new DockerStandIn(await mkdtemp(join(tmpdir(), "registry-kit-")));
    await new Promise<void>((resolve) => standIn.#server.listen(standIn.#socket, resolve));
    return standIn;
  }

  /** As DOCKER_HOST takes it. */
  get host(): string {
    return `unix://${this.#socket}`;
  }

  get #socket(): string {
    return join(this.#folder, "docker.sock");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
