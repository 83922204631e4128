import type Docker from "dockerode";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { toLabels } from "../../../lib/protocol/values.ts";
import { formatDuration } from "../../../lib/time/go-duration.ts";
import { given } from "../common/given.ts";
import { containerSpecOutputs } from "./container-spec-outputs.ts";
import type { DockerService, TaskTemplate } from "./docker-service.ts";

/** What Docker says of a service, under the names of the inputs. `auth` and `convergeConfig` are the client's own. */
export function serviceOutputs({ Spec, Endpoint }: DockerService): PropertyMap {
  const { Replicated, Global } = Spec.Mode;
  const endpoint = Endpoint?.Spec?.Mode ? { ...Endpoint.Spec, Ports: Endpoint.Ports } : Spec.EndpointSpec;
  return plain({
    name: Spec.Name,
    labels: toLabels(Spec.Labels),
    taskSpec: taskSpecOutput(Spec.TaskTemplate),
    mode: given({
      global: Global !== undefined,
      replicated: Replicated && { replicas: Replicated.Replicas ?? 1 },
    }),
    updateConfig: rolloutOutput(Spec.UpdateConfig),
    rollbackConfig: rolloutOutput(Spec.RollbackConfig),
    endpointSpec: { mode: endpoint?.Mode ?? "vip", ports: (endpoint?.Ports ?? []).map(portOutput) },
  });
}

/** Property maps hold no `undefined`. */
export function plain(value: object): PropertyMap {
  return JSON.parse(JSON.stringify(value)) as PropertyMap;
}

function rolloutOutput(config: Docker.UpdateConfig | undefined) {
  if (!config) return undefined;
  const share = config.MaxFailureRatio ?? 0;
  return {
    parallelism: config.Parallelism ?? 0,
    delay: formatDuration(config.Delay),
    failureAction: config.FailureAction,
    monitor: formatDuration(config.Monitor),
    maxFailureRatio: Number.isInteger(share) ? share.toFixed(1) : String(Number(share.toPrecision(6))),
    order: config.Order,
  };
}

function portOutput(port: Docker.PortConfig) {
  return {
    name: port.Name ?? "",
    protocol: port.Protocol ?? "tcp",
    publishMode: port.PublishMode ?? "ingress",
    publishedPort: port.PublishedPort ?? 0,
    targetPort: port.TargetPort,
  };
}

function taskSpecOutput(task: TaskTemplate) {
  const { Resources, RestartPolicy, Placement } = task;
  const reserved = Resources?.Reservations;
  return {
    containerSpec: task.ContainerSpec && containerSpecOutputs(task.ContainerSpec),
    forceUpdate: task.ForceUpdate ?? 0,
    runtime: task.Runtime ?? "container",
    resources: Resources && {
      limits: Resources.Limits && amounts(Resources.Limits),
      reservation: reserved && {
        ...amounts(reserved),
        genericResources: genericOutput(reserved.GenericResources as GenericResource[] | undefined),
      },
    },
    restartPolicy: RestartPolicy && {
      condition: RestartPolicy.Condition,
      delay: RestartPolicy.Delay === undefined ? undefined : formatDuration(RestartPolicy.Delay),
      maxAttempts: RestartPolicy.MaxAttempts,
      window: RestartPolicy.Window === undefined ? undefined : formatDuration(RestartPolicy.Window),
    },
    placement: Placement && {
      constraints: Placement.Constraints ?? [],
      prefs: (Placement.Preferences ?? []).map((preference) => preference.Spread?.SpreadDescriptor ?? ""),
      platforms: (Placement.Platforms ?? []).map(({ Architecture, OS }) => ({
        architecture: Architecture ?? "",
        os: OS ?? "",
      })),
      maxReplicas: Placement.MaxReplicas ?? 0,
    },
    networksAdvanceds: (task.Networks ?? []).map((network) => ({
      id: network.Target,
      aliases: network.Aliases ?? [],
      driverOpts: Object.entries(network.DriverOpts ?? {}).map(([key, value]) => `${key}=${value}`),
    })),
    logDriver: task.LogDriver && { name: task.LogDriver.Name, options: task.LogDriver.Options ?? {} },
  };
}

function amounts(of: Docker.ResourceLimits) {
  return { nanoCpus: of.NanoCPUs ?? 0, memoryBytes: of.MemoryBytes ?? 0 };
}

/** As Docker tells it, unlike dockerode's types. */
type GenericResource = Record<
  "NamedResourceSpec" | "DiscreteResourceSpec",
  { Kind: string; Value: string } | undefined
>;

function genericOutput(resources: GenericResource[] | undefined) {
  if (!resources || resources.length === 0) return undefined;
  const pair = (spec: GenericResource["NamedResourceSpec"]) => (spec ? [`${spec.Kind}=${spec.Value}`] : []);
  return {
    namedResourcesSpecs: resources.flatMap(({ NamedResourceSpec }) => pair(NamedResourceSpec)),
    discreteResourcesSpecs: resources.flatMap(({ DiscreteResourceSpec }) => pair(DiscreteResourceSpec)),
  };
}
