import { isIPv6 } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import type { ContainerInfo } from "dockerode";
import { dockerClient, isNotFound } from "../components/docker-host/docker-client.ts";
import { dockerHostText } from "../components/docker-host/docker-host.ts";
import { registryLabel } from "../components/registry/layout.ts";
import type { Problem } from "../components/validation/describe-issues.ts";
import { bindError } from "./bind-error.ts";
import { publishedAddress } from "./published-address.ts";
import type { Settings } from "./settings.ts";

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
    const problems = [
      ...nameProblems(settings, others),
      ...portProblems(settings, others),
      ...dataProblems(settings, others),
      ...(await volumeProblems(settings, client)),
    ];
    const remote = !/^(unix|npipe):/.test(dockerHostText(docker));
    const published = containers.some((container) => publishes(container, settings));
    return problems.length > 0 || remote || published ? problems : await bindProblems(settings);
  } catch (error) {
    return [
      {
        path: "docker.url",
        reason: `${dockerHostText(docker)} does not answer (${(error as Error).message}). Start Docker there, or "npm run up" to have it installed and started here.`,
      },
    ];
  }
}

/** A container from before there was a label for the stack counts as ours, as nobody can tell. */
function isOurs({ Labels }: ContainerInfo, stack: string): boolean {
  return registryLabel in Labels && (Labels[stackLabel] ?? stack) === stack;
}

function nameProblems({ name }: Settings, others: ContainerInfo[]): Problem[] {
  const owner = others.find(({ Names }) => Names.includes(`/${name}`));
  if (!owner) return [];
  const stack = owner.Labels[stackLabel];
  const whose = stack ? `a container of stack "${stack}"` : "a container that the kit did not make";
  return [{ path: "name", reason: `is ${name}, which ${whose} has already. Choose another name, or remove it.` }];
}

function portProblems(settings: Settings, others: ContainerInfo[]): Problem[] {
  const owner = others.find((container) => publishes(container, settings));
  return owner ? [portTaken(settings.port, `container ${nameOf(owner)}`)] : [];
}

function publishes({ Ports }: ContainerInfo, settings: Settings): boolean {
  const address = publishedAddress(settings);
  return Ports.some(
    ({ PublicPort, Type, IP }) => PublicPort === settings.port && Type === "tcp" && overlap(address, IP ?? "0.0.0.0"),
  );
}

function overlap(a: string, b: string): boolean {
  if (isIPv6(a) !== isIPv6(b)) return false;
  return a === b || [a, b].some((address) => address === "0.0.0.0" || address === "::");
}

/** Two registries on the same files lose uploads. Other containers may look at them: a backup does. */
function dataProblems({ storage }: Settings, others: ContainerInfo[]): Problem[] {
  const [path, place] =
    "bindMount" in storage
      ? ["storage.bindMount.path", storage.bindMount.path]
      : ["storage.volume.name", storage.volume.name];
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
async function volumeProblems({ storage }: Settings, client: Docker): Promise<Problem[]> {
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
    path: `storage.volume.${key}`,
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

function portTaken(port: number, owner: string): Problem {
  return { path: "port", reason: `is ${port}, which ${owner} uses already. Choose another port, or stop it.` };
}

/** Whether this machine's port can be bound. What only this user may not do, the engine may. */
async function bindProblems(settings: Settings): Promise<Problem[]> {
  const { port } = settings;
  const address = publishedAddress(settings);
  const code = await bindError(port, address);
  if (code === "EADDRINUSE") return [portTaken(port, "another program on this machine")];
  if (code === "EADDRNOTAVAIL")
    return [{ path: "address", reason: `is ${address}, which this machine does not have.` }];
  return [];
}
