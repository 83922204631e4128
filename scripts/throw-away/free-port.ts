import { createHash } from "node:crypto";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import type { DockerHost } from "../../lib/docker/docker-host.ts";
import { isLocalSocket } from "../../lib/docker/docker-host.ts";
import { bindError } from "../../stacks/docker-host/bind-error.ts";
import { UserError } from "../terminal/user-error.ts";

/** Below the ports that systems give to outgoing connections (Linux: from 32768). */
const range = { first: 20_000, count: 10_000 };

/**
 * A port that nobody publishes or listens on. The search begins at one that follows from the name: several stacks that look at the
 * same time seldom find the same. It is free at this moment only; who takes it first has it.
 *
 * @param taken ports that are spoken for
 */
export async function freePort(name: string, docker: DockerHost, taken: ReadonlySet<number>): Promise<number> {
  const published = await publishedPorts(docker);
  const start = createHash("sha256").update(name).digest().readUInt32BE();
  for (let i = 0; i < range.count; i++) {
    const port = range.first + ((start + i) % range.count);
    if (!taken.has(port) && !published.has(port) && !(await isBound(port, docker))) return port;
  }
  throw new UserError(`No port from ${range.first} to ${range.first + range.count - 1} is free on the Docker host.`);
}

/** Whether something else has the port: another container, or another program where the Docker host is this machine. */
export async function isPortTaken(port: number, container: string, docker: DockerHost): Promise<boolean> {
  const owner = (await publishedPorts(docker)).get(port);
  return owner === undefined ? await isBound(port, docker) : owner !== container;
}

/** Port -> name of the container that publishes it. */
async function publishedPorts(docker: DockerHost): Promise<Map<number, string>> {
  const containers = await dockerClient(docker).listContainers();
  return new Map(
    containers.flatMap(({ Names, Ports }) => Ports.map(({ PublicPort }) => [PublicPort, Names[0]?.slice(1) ?? ""])),
  );
}

async function isBound(port: number, docker: DockerHost): Promise<boolean> {
  if (!isLocalSocket(docker)) return false;
  return (await bindError(port, "0.0.0.0")) === "EADDRINUSE";
}
