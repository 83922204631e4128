import type { PropertyMap, PropertyValue } from "../../../lib/protocol/property-value.ts";
import {
  isTrue,
  labelsOf,
  mapOf,
  numberOf,
  objectOf,
  objectsOf,
  pairsOf,
  textOf,
  textsOf,
} from "../../../lib/protocol/values.ts";
import { nanoseconds, parseDuration } from "../../../lib/time/go-duration.ts";
import { filled, given } from "../common/given.ts";
import { containerSpec } from "./container-spec.ts";

/** Docker's specification of a service for checked inputs; what is left out is left to Docker. */
export function serviceSpec(inputs: PropertyMap): object {
  const endpoint = objectOf(inputs.endpointSpec);
  return given({
    Name: textOf(inputs.name),
    Labels: labelsOf(inputs.labels),
    TaskTemplate: taskTemplate(objectOf(inputs.taskSpec) ?? {}),
    Mode: modeOf(objectOf(inputs.mode)),
    UpdateConfig: rolloutOf(objectOf(inputs.updateConfig)),
    RollbackConfig: rolloutOf(objectOf(inputs.rollbackConfig)),
    EndpointSpec: endpoint && given({ Mode: textOf(endpoint.mode), Ports: portsOf(endpoint.ports) }),
  });
}

function taskTemplate(task: PropertyMap) {
  const logDriver = objectOf(task.logDriver);
  return given({
    ContainerSpec: containerSpec(objectOf(task.containerSpec) ?? {}),
    Resources: resourcesOf(objectOf(task.resources)),
    RestartPolicy: restartPolicyOf(objectOf(task.restartPolicy)),
    Placement: placementOf(objectOf(task.placement)),
    ForceUpdate: numberOf(task.forceUpdate),
    Runtime: textOf(task.runtime),
    Networks: task.networksAdvanceds ? objectsOf(task.networksAdvanceds).map(networkOf) : undefined,
    LogDriver: logDriver && { Name: textOf(logDriver.name), Options: mapOf(logDriver.options) },
  });
}

function modeOf(mode: PropertyMap | undefined) {
  if (isTrue(mode?.global)) return { Global: {} };
  const replicated = objectOf(mode?.replicated);
  return replicated && { Replicated: { Replicas: numberOf(replicated.replicas) ?? 1 } };
}

function rolloutOf(config: PropertyMap | undefined) {
  if (!config) return undefined;
  return {
    Parallelism: numberOf(config.parallelism) ?? 1,
    Delay: nanoseconds(textOf(config.delay)),
    FailureAction: textOf(config.failureAction),
    Monitor: nanoseconds(textOf(config.monitor)),
    MaxFailureRatio: numberOf(config.maxFailureRatio) ?? 0,
    Order: textOf(config.order),
  };
}

function portsOf(value: PropertyValue | undefined) {
  return objectsOf(value).map((port) =>
    given({
      Name: textOf(port.name),
      Protocol: textOf(port.protocol),
      TargetPort: numberOf(port.targetPort),
      PublishedPort: numberOf(port.publishedPort),
      PublishMode: textOf(port.publishMode),
    }),
  );
}

function networkOf(network: PropertyMap) {
  return given({
    Target: textOf(network.id) || textOf(network.name),
    Aliases: textsOf(network.aliases),
    DriverOpts: filled(pairsOf(network.driverOpts)),
  });
}

function resourcesOf(resources: PropertyMap | undefined) {
  if (!resources) return undefined;
  const limits = objectOf(resources.limits);
  const reservation = objectOf(resources.reservation);
  const amounts = (of: PropertyMap) =>
    given({ NanoCPUs: numberOf(of.nanoCpus), MemoryBytes: numberOf(of.memoryBytes) });
  const generic = genericResources(objectOf(reservation?.genericResources));
  return given({
    Limits: limits && amounts(limits),
    Reservations: reservation && { ...amounts(reservation), ...(generic ? { GenericResources: generic } : {}) },
  });
}

/** `["gpu=id"]` and `["slots=4"]` as Docker takes them. */
function genericResources(generic: PropertyMap | undefined) {
  if (!generic) return undefined;
  const pairs = (value: PropertyValue | undefined) => textsOf(value).map((pair) => pair.split("=") as [string, string]);
  return [
    ...pairs(generic.namedResourcesSpecs).map(([Kind, Value]) => ({ NamedResourceSpec: { Kind, Value } })),
    ...pairs(generic.discreteResourcesSpecs).map(([Kind, Value]) => ({
      DiscreteResourceSpec: { Kind, Value: Number(Value) },
    })),
  ];
}

function restartPolicyOf(policy: PropertyMap | undefined) {
  if (!policy) return undefined;
  const time = (value: PropertyValue | undefined) => parseDuration(textOf(value) ?? "");
  return given({
    Condition: textOf(policy.condition),
    Delay: time(policy.delay),
    MaxAttempts: numberOf(policy.maxAttempts),
    Window: time(policy.window),
  });
}

function placementOf(placement: PropertyMap | undefined) {
  if (!placement) return undefined;
  return given({
    Constraints: filled(textsOf(placement.constraints)),
    Preferences: filled(textsOf(placement.prefs).map((descriptor) => ({ Spread: { SpreadDescriptor: descriptor } }))),
    Platforms: filled(
      objectsOf(placement.platforms).map(({ architecture, os }) => ({ Architecture: architecture, OS: os })),
    ),
    MaxReplicas: numberOf(placement.maxReplicas),
  });
}
