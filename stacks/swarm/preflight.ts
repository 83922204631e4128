import type Docker from "dockerode";
import type { ContainerInfo } from "dockerode";
import { registryLabel } from "../../components/files/layout.ts";
import { listenAddress } from "../../components/swarm/listen-address.ts";
import type { SwarmNode } from "../../components/swarm/placement-constraint.ts";
import { readSwarmState, swarmObstacle } from "../../components/swarm/swarm-state.ts";
import type { DockerService } from "../../engine/docker/service/docker-service.ts";
import { isLocalSocket } from "../../lib/docker/docker-host.ts";
import { typed } from "../../lib/start-up/typed.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import { portTaken } from "../docker-host/port-taken.ts";
import type { ServiceSettings } from "../service/settings.ts";
import type { Settings } from "../settings/settings.ts";
import { volumeProblems } from "../storage/volume-problems.ts";
import { stackLabel } from "../throw-away/stack-label.ts";
import { nodeProblems } from "./node-problems.ts";
import { swarmPortProblems } from "./swarm-port-problems.ts";

interface Look {
  problems: Problem[];
  /** Whether this stack's service publishes the port already. */
  published: boolean;
}

/**
 * Looks at the swarm before anything is touched: does the engine manage one, are the service's name and port free or this
 * stack's own, are there nodes that may run it and have what it needs?
 */
export async function checkSwarm(
  settings: Settings & { service: ServiceSettings },
  stack: string,
  docker: Docker,
  containers: ContainerInfo[],
): Promise<Look> {
  const state = await readSwarmState(docker);
  const initialize = settings.swarm?.initialize ?? false;
  const obstacle = swarmObstacle(state, { initialize, host: settings.docker });
  if (obstacle) return { problems: [{ path: "docker.url", reason: obstacle }], published: false };
  const own = async () => containers.filter(({ Labels }) => Labels[stackLabel] === stack);
  const onEngine = [
    ...containerProblems(settings, stack, containers),
    ...(await volumeProblems(settings, docker, own)),
  ];
  if (state.role === "none") {
    const ofPorts = isLocalSocket(settings.docker)
      ? await swarmPortProblems(listenAddress(settings.swarm?.advertiseAddress))
      : [];
    return { problems: [...onEngine, ...ofPorts], published: false };
  }

  const [services, nodes, networks, volumes] = await Promise.all([
    docker.listServices() as unknown as Promise<DockerService[]>,
    docker.listNodes() as unknown as Promise<SwarmNode[]>,
    docker.listNetworks({ filters: { driver: ["overlay"] } }),
    // Wakes the drivers of this engine: one that was installed as a program is known from its first use on.
    "volume" in settings.storage && settings.storage.volume.driver ? loadedDrivers(docker) : [],
  ]);
  const others = services.filter(
    ({ Spec: { Labels = {} } }) => !(registryLabel in Labels && Labels[stackLabel] === stack),
  );
  const problems = [
    ...onEngine,
    ...nameProblems(settings, others),
    ...portProblems(settings, others),
    ...dataProblems(settings, others),
    ...networkProblems(settings.service, networks),
    ...nodeProblems(settings, { nodes, ownNode: state.nodeId, ownDrivers: volumes }),
  ];
  const ours = services.filter((service) => !others.includes(service));
  return { problems, published: ours.some((service) => publishes(service, settings.port)) };
}

/** The other way to run a registry has to go first: both want the port, and the volume of the images. */
function containerProblems({ port, name }: Settings, stack: string, containers: ContainerInfo[]): Problem[] {
  const isTask = ({ Labels }: ContainerInfo) => "com.docker.swarm.service.id" in Labels;
  // Caches, also one that the settings no longer have, are registries of other names.
  const own = containers.find(
    (container) =>
      !isTask(container) && container.Labels[registryLabel] === name && container.Labels[stackLabel] === stack,
  );
  if (own) {
    return [
      {
        path: "service",
        reason: `is new, and this stack runs its registry as a container (${own.Names[0]?.slice(1)}). Run ${typed("down")} with the old settings first (it keeps the images).`,
      },
    ];
  }
  const owner = containers.find(
    (container) =>
      !isTask(container) && container.Ports.some(({ PublicPort, Type }) => PublicPort === port && Type === "tcp"),
  );
  return owner ? [portTaken(port, `container ${owner.Names[0]?.slice(1)}`)] : [];
}

function nameProblems({ name }: Settings, others: DockerService[]): Problem[] {
  const owner = others.find(({ Spec }) => Spec.Name === name);
  if (!owner) return [];
  const stack = owner.Spec.Labels?.[stackLabel];
  const whose = stack ? `a service of stack "${stack}"` : "a service that the kit did not make";
  return [{ path: "name", reason: `is ${name}, which ${whose} has already. Choose another name, or remove it.` }];
}

function portProblems({ port }: Settings, others: DockerService[]): Problem[] {
  const owner = others.find((service) => publishes(service, port));
  return owner ? [portTaken(port, `service ${owner.Spec.Name}`)] : [];
}

function publishes({ Endpoint, Spec }: DockerService, port: number): boolean {
  const ports = [...(Endpoint?.Ports ?? []), ...(Spec.EndpointSpec?.Ports ?? [])];
  return ports.some(({ PublishedPort, Protocol }) => PublishedPort === port && (Protocol ?? "tcp") === "tcp");
}

/** Two registries on the same files lose uploads. */
function dataProblems({ storage }: Settings, others: DockerService[]): Problem[] {
  if (!("volume" in storage)) return [];
  const { name } = storage.volume;
  const owner = others.find(
    ({ Spec }) =>
      registryLabel in (Spec.Labels ?? {}) &&
      Spec.TaskTemplate.ContainerSpec?.Mounts?.some(({ Type, Source }) => Type === "volume" && Source === name),
  );
  if (!owner) return [];
  const reason = `is ${name}, where the registry ${owner.Spec.Name} has its images. Choose another name.`;
  return [{ path: "storage.volume.name", reason }];
}

function networkProblems({ networks: wanted }: ServiceSettings, found: Docker.NetworkInspectInfo[]): Problem[] {
  const known = found.map(({ Name }) => Name);
  return wanted
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: "service.networks",
      reason: `names ${name}, and there is no such overlay network. Type: docker network create --driver overlay ${name}`,
    }));
}

async function loadedDrivers(docker: Docker): Promise<string[]> {
  await docker.listVolumes();
  const { Plugins } = (await docker.info()) as { Plugins?: { Volume?: string[] } };
  return Plugins?.Volume ?? [];
}
