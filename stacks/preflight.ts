import { isIPv6 } from "node:net";
import type Docker from "dockerode";
import type { ContainerInfo } from "dockerode";
import { cacheVolumeName } from "../components/caches/cache-volume-name.ts";
import { registryLabel, storeLabel } from "../components/files/layout.ts";
import { dockerClient } from "../lib/docker/docker-client.ts";
import { DockerContextError } from "../lib/docker/docker-context.ts";
import { dockerHostText, isLocalSocket } from "../lib/docker/docker-host.ts";
import { dockerUrlProblem } from "../lib/docker/docker-url.ts";
import { typed } from "../lib/start-up/typed.ts";
import type { Problem } from "../lib/validation/describe-issues.ts";
import { describeValue } from "../lib/validation/describe-value.ts";
import { cacheContainerName } from "./caches/cache-container-name.ts";
import type { CacheSettings } from "./caches/settings.ts";
import { bindError } from "./docker-host/bind-error.ts";
import { clearTransportProblem } from "./docker-host/clear-transport.ts";
import { hostPlace } from "./docker-host/host-place.ts";
import { portTaken } from "./docker-host/port-taken.ts";
import { publishedAddress } from "./docker-host/published-address.ts";
import { willPublish } from "./docker-host/will-publish.ts";
import { networkProblems } from "./networks/network-problems.ts";
import { cpuProblems } from "./registry/cpu-problems.ts";
import type { ServiceSettings } from "./service/settings.ts";
import { hasRegistry, type Settings } from "./settings/settings.ts";
import { imagesPlace } from "./storage/images-place.ts";
import { volumeProblems } from "./storage/volume-problems.ts";
import { stackLabel } from "./throw-away/stack-label.ts";

/**
 * Looks at the Docker host before anything is touched: does it answer, and are the container's name, the port and the
 * volume free or this stack's own? A stack that took another's would change that one's users and certificate.
 */
export async function checkHost(settings: Settings, stack: string): Promise<Problem[]> {
  const { docker } = settings;
  const place = hostPlace(docker);
  const wrong = place === "DOCKER_HOST" ? dockerUrlProblem(dockerHostText(docker)) : undefined;
  // The docker command takes an address of the API for what it is.
  if (wrong && !/^https?:/.test(dockerHostText(docker)))
    return [{ path: place, reason: `is ${describeValue(dockerHostText(docker))}; it ${wrong}` }];
  const clear = clearTransportProblem(settings);
  if (clear) return [clear];
  try {
    const client = dockerClient(docker);
    const containers = client.listContainers({ all: true });
    const checks = hasRegistry(settings) ? [checkRegistry(settings, stack, client, containers)] : [];
    checks.push(networkProblems(settings, stack, client), cpuProblems(settings, client));
    if (settings.trust === "swarm" && !isService(settings)) checks.push(checkManager(settings, client));
    for (const [name, cache] of Object.entries(settings.caches)) {
      checks.push(checkCache(settings, name, cache, { stack, client, containers }));
    }
    return (await Promise.all(checks)).flat();
  } catch (error) {
    if (error instanceof DockerContextError) {
      return [{ path: place, reason: `leads to no engine. ${error.message}` }];
    }
    const host = dockerHostText(docker);
    // It answers, with an error. 503 is the answer of a proxy, or of a stand-in, with nobody behind it.
    const { statusCode = 503 } = error as { statusCode?: number };
    if (statusCode !== 503) {
      return [{ path: place, reason: `${host} answers, but refuses what was asked: ${(error as Error).message}.` }];
    }
    return [
      {
        path: place,
        reason: `${host} does not answer (${(error as Error).message}). Start Docker there, or "${typed("up")}" to have it installed and started here.`,
      },
    ];
  }
}

async function checkRegistry(
  settings: Settings,
  stack: string,
  client: Docker,
  listed: Promise<ContainerInfo[]>,
): Promise<Problem[]> {
  if (!isService(settings)) {
    const [problems, service] = await Promise.all([
      checkContainer(settings, stack, client, listed),
      serviceOf(settings, stack, client, listed),
    ]);
    return [...(service === undefined ? [] : [serviceLeft(service)]), ...problems];
  }
  const { checkSwarm } = await import("./swarm/preflight.ts");
  const { problems, published } = await checkSwarm(settings, stack, client, await listed);
  return problems.length > 0 || isRemote(settings) || published ? problems : await bindProblems(settings);
}

/** Containers need no swarm, the trust of all its nodes does. */
async function checkManager({ docker }: Settings, client: Docker): Promise<Problem[]> {
  const { readSwarmState, swarmObstacle } = await import("../components/swarm/swarm-state.ts");
  const state = await readSwarmState(client);
  const { role } = state;
  if (role === "manager") {
    const obstacle = swarmObstacle(state, { initialize: false, host: docker });
    return obstacle === undefined ? [] : [{ path: "docker.url", reason: obstacle }];
  }
  const engine = `${dockerHostText(docker)} is ${role === "worker" ? "a worker of one" : "in none"}`;
  const reason = `is swarm, which needs a manager of a swarm, and ${engine}. Set docker.url to a manager, or trust to local or nodes.`;
  return [{ path: "trust", reason }];
}

/** A cache is a registry with another name, port and volume, whose settings are elsewhere. */
async function checkCache(
  settings: Settings,
  name: string,
  { port, upstream, volume }: CacheSettings,
  { stack, client, containers }: { stack: string; client: Docker; containers: Promise<ContainerInfo[]> },
): Promise<Problem[]> {
  const container = cacheContainerName(settings, name);
  const storage = { volume: { name: volume.name ?? cacheVolumeName(container, upstream), keep: volume.keep } };
  const problems = await checkContainer({ ...settings, name: container, port, storage }, stack, client, containers);
  return problems.map(({ path, reason }) => ({
    path: path.replace(/^(port$|storage\.)/, (start) => `caches.${name}.${start === "port" ? start : ""}`),
    reason,
  }));
}

async function checkContainer(
  settings: Settings,
  stack: string,
  client: Docker,
  listed: Promise<ContainerInfo[]>,
): Promise<Problem[]> {
  const own = async () => (await listed).filter((container) => isOurs(container, stack));
  const [containers, ofVolume] = await Promise.all([listed, volumeProblems(settings, client, own)]);
  const others = containers.filter((container) => !isOurs(container, stack));
  const problems = [
    ...nameProblems(settings, others),
    ...portProblems(settings, others),
    ...dataProblems(settings, others),
    ...ofVolume,
  ];
  const published = containers.some((container) => publishes(container, settings));
  if (problems.length > 0 || isRemote(settings) || published) return problems;
  const bind = await bindProblems(settings);
  return bind.length > 0 && (await willPublish(client, await own(), settings.port)) ? [] : bind;
}

function isRemote({ docker }: Settings): boolean {
  return !isLocalSocket(docker);
}

function isService(settings: Settings): settings is Settings & { service: ServiceSettings } {
  return settings.service !== undefined;
}

/**
 * The service that this stack is as yet, whatever node its tasks are on: one of its name or on its port, as another clone may have a
 * stack that is called the same. An engine that manages no swarm, or that answers nobody about services, knows of tasks of its own only.
 */
async function serviceOf(
  { name, port }: Settings,
  stack: string,
  client: Docker,
  listed: Promise<ContainerInfo[]>,
): Promise<string | undefined> {
  const filters = { label: [registryLabel, `${stackLabel}=${stack}`] };
  const services = client.listServices({ filters }).catch((error) => {
    if ((error as { statusCode?: number }).statusCode !== undefined) return [];
    throw error;
  });
  const service = (await services).find(
    ({ Spec, Endpoint }) =>
      Spec?.Labels?.[registryLabel] === name || Endpoint?.Ports?.some(({ PublishedPort }) => PublishedPort === port),
  );
  if (service) return service.Spec?.Name ?? service.ID;
  const task = (await listed).find(
    ({ Labels }) => "com.docker.swarm.service.id" in Labels && Labels[stackLabel] === stack && registryLabel in Labels,
  );
  return task?.Labels["com.docker.swarm.service.name"];
}

/** It has to go first, as both want the port. */
function serviceLeft(service: string): Problem {
  const reason = `is no longer set, and this stack runs its registry as a service (${service}). Run ${typed("down")} with the old settings first (it keeps the images).`;
  return { path: "service", reason };
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

/** A paused registry goes on in the middle of an upload, and one in a restart loop is back at any moment. */
const mayWrite = new Set(["running", "paused", "restarting"]);

/** Two registries with the same images lose uploads. Other containers may look at them: a backup does. */
function dataProblems({ storage }: Settings, others: ContainerInfo[]): Problem[] {
  const owned = imagesPlace(storage);
  if (!owned) return [];
  const { path, place } = owned;
  const owner = others.find(
    ({ Labels, State, Mounts }) =>
      registryLabel in Labels &&
      mayWrite.has(State) &&
      ("objects" in storage
        ? Labels[storeLabel] === place
        : Mounts.some(({ Name, Source }) => Name === place || Source === place)),
  );
  if (!owner) return [];
  return [
    { path, reason: `is ${place}, where registry ${nameOf(owner)} has its images. Choose another place, or stop it.` },
  ];
}

function nameOf({ Names, Id }: ContainerInfo): string {
  return Names[0]?.slice(1) ?? Id;
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
