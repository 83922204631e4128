import { createServer, isIPv6 } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import type { ContainerInfo } from "dockerode";
import { cacheVolumeName } from "../components/cache/cache-volume-name.ts";
import { dockerClient, isNotFound } from "../components/docker-host/docker-client.ts";
import { dockerHostText } from "../components/docker-host/docker-host.ts";
import { registryLabel } from "../components/registry/layout.ts";
import type { Problem } from "../components/validation/describe-issues.ts";
import { cacheContainerName } from "./cache-container-name.ts";
import { publishedAddress } from "./published-address.ts";
import type { Settings } from "./settings.ts";
import { hasRegistry } from "./settings.ts";

/** The label that tells this stack's container from that of another one. */
export const stackLabel = "io.registry-kit.stack";

/**
 * Looks at the Docker host before anything is touched: does it answer, and are the container's name, the port and the
 * volume free or this stack's own? A stack that took another's would change that one's users and certificate.
 */
export async function checkHost(settings: Settings, stack: string): Promise<Problem[]> {
  const { docker } = settings;
  try {
    const client = dockerClient(docker);
    const containers = await client.listContainers({ all: true });
    const others = containers.filter((container) => !isOurs(container, stack));
    const remote = !/^(unix|npipe):/.test(dockerHostText(docker));
    const problems: Problem[] = [];
    for (const place of placesOf(settings)) {
      const ofPlace = [
        ...nameProblems(place, others),
        ...portProblems(place, others),
        ...dataProblems(place, others),
        ...(await volumeProblems(place, client)),
      ];
      const published = containers.some((container) => publishes(container, place));
      problems.push(...(ofPlace.length > 0 || remote || published ? ofPlace : await bindProblems(place)));
    }
    return problems;
  } catch (error) {
    return [
      {
        path: "docker.url",
        reason: `${dockerHostText(docker)} does not answer (${(error as Error).message}). Start Docker there, or "npm run up" to have it installed and started here.`,
      },
    ];
  }
}

/** A registry or cache of the stack on its Docker host. */
interface Place {
  /** Of the container. */
  name: string;
  port: number;
  address: string;
  storage: Settings["storage"];
  /** The settings that problems are reported at; that of the storage as the beginning of a path. */
  at: { port: string; storage: string };
}

function placesOf(settings: Settings): Place[] {
  const { name, port, storage } = settings;
  const address = publishedAddress(settings);
  const registry = { name, port, storage, address, at: { port: "port", storage: "storage." } };
  const caches = Object.entries(settings.caches).map(([key, { port, volume, upstream }]) => {
    const container = cacheContainerName(settings, key);
    const kept = { name: volume.name ?? cacheVolumeName(container, upstream), keep: volume.keep };
    const at = { port: `caches.${key}.port`, storage: `caches.${key}.` };
    return { name: container, port, storage: { volume: kept }, address, at };
  });
  return hasRegistry(settings) ? [registry, ...caches] : caches;
}

/** A container from before there was a label for the stack counts as ours, as nobody can tell. */
function isOurs({ Labels }: ContainerInfo, stack: string): boolean {
  return registryLabel in Labels && (Labels[stackLabel] ?? stack) === stack;
}

function nameProblems({ name }: Place, others: ContainerInfo[]): Problem[] {
  const owner = others.find(({ Names }) => Names.includes(`/${name}`));
  if (!owner) return [];
  const stack = owner.Labels[stackLabel];
  const whose = stack ? `a container of stack "${stack}"` : "a container that the kit did not make";
  return [{ path: "name", reason: `is ${name}, which ${whose} has already. Choose another name, or remove it.` }];
}

function portProblems(place: Place, others: ContainerInfo[]): Problem[] {
  const owner = others.find((container) => publishes(container, place));
  return owner ? [portTaken(place, `container ${nameOf(owner)}`)] : [];
}

function publishes({ Ports }: ContainerInfo, { address, port }: Place): boolean {
  return Ports.some(
    ({ PublicPort, Type, IP }) => PublicPort === port && Type === "tcp" && overlap(address, IP ?? "0.0.0.0"),
  );
}

function overlap(a: string, b: string): boolean {
  if (isIPv6(a) !== isIPv6(b)) return false;
  return a === b || [a, b].some((address) => address === "0.0.0.0" || address === "::");
}

/** Two registries on the same files lose uploads. Other containers may look at them: a backup does. */
function dataProblems({ at, storage }: Place, others: ContainerInfo[]): Problem[] {
  const [path, place] =
    "bindMount" in storage
      ? [`${at.storage}bindMount.path`, storage.bindMount.path]
      : [`${at.storage}volume.name`, storage.volume.name];
  const owner = others.find(
    ({ Labels, State, Mounts }) =>
      registryLabel in Labels &&
      State === "running" &&
      Mounts.some(({ Name, Source }) => Name === place || Source === place),
  );
  if (!owner) return [];
  return [
    { path, reason: `is ${place}, where registry ${nameOf(owner)} has its images. Choose another place, or stop it.` },
  ];
}

/** The engine answers a request for a volume that exists with that volume, whatever driver and options were asked for. */
async function volumeProblems({ at, storage }: Place, client: Docker): Promise<Problem[]> {
  if ("bindMount" in storage) return [];
  const { name, driver, driverOptions } = storage.volume;
  const found = await client
    .getVolume(name)
    .inspect()
    .catch((error) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  if (!found) return [];
  const other = (key: string) => ({
    path: `${at.storage}volume.${key}`,
    reason: `is not that of the volume ${name}, which exists already. Name another volume, or leave ${key} out.`,
  });
  return [
    ...(driver && driver !== found.Driver ? [other("driver")] : []),
    ...(driverOptions && !isDeepStrictEqual(driverOptions, { ...found.Options }) ? [other("driverOptions")] : []),
  ];
}

function nameOf({ Names, Id }: ContainerInfo): string {
  return Names[0]?.slice(1) ?? Id;
}

function portTaken({ at, port }: Place, owner: string): Problem {
  return { path: at.port, reason: `is ${port}, which ${owner} uses already. Choose another port, or stop it.` };
}

/** Whether this machine's port can be bound. What only this user may not do, the engine may. */
async function bindProblems(place: Place): Promise<Problem[]> {
  const { address } = place;
  const code = await bindError(place.port, address);
  if (code === "EADDRINUSE") return [portTaken(place, "another program on this machine")];
  if (code === "EADDRNOTAVAIL")
    return [{ path: "address", reason: `is ${address}, which this machine does not have.` }];
  return [];
}

function bindError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
    server.listen({ port, host, ipv6Only: true, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
