import type Docker from "dockerode";
import type { PropertyMap } from "../../protocol/property-value.ts";
import { nanoseconds } from "../common/duration.ts";
import { given, isTrue, labelsOf, numberOf, objectOf, textOf, textsOf } from "../common/values.ts";
import { volumesOf } from "./container-mounts.ts";
import { portsOf } from "./container-ports.ts";
import { hostConfigOf } from "./host-config.ts";

/** The body of Docker's "create a container" for checked inputs. */
export function createOptions(inputs: PropertyMap): Docker.ContainerCreateOptions {
  const command = textsOf(inputs.command);
  const entrypoint = textsOf(inputs.entrypoints);
  const envs = textsOf(inputs.envs);
  const { exposed } = portsOf(inputs.ports);
  const { anonymous } = volumesOf(inputs.volumes);
  return given({
    name: textOf(inputs.name),
    platform: textOf(inputs.platform),
    Image: textOf(inputs.image),
    Hostname: textOf(inputs.hostname),
    Domainname: textOf(inputs.domainname),
    User: textOf(inputs.user),
    WorkingDir: textOf(inputs.workingDir),
    StopSignal: textOf(inputs.stopSignal),
    StopTimeout: numberOf(inputs.stopTimeout),
    Tty: isTrue(inputs.tty),
    OpenStdin: isTrue(inputs.stdinOpen),
    Env: envs.length > 0 ? envs : undefined,
    Cmd: command.length > 0 ? command : undefined,
    Entrypoint: entrypoint.length > 0 ? entrypoint : undefined,
    Labels: labelsOf(inputs.labels),
    ExposedPorts: Object.keys(exposed).length > 0 ? exposed : undefined,
    Volumes: Object.keys(anonymous).length > 0 ? anonymous : undefined,
    Healthcheck: healthcheckOf(objectOf(inputs.healthcheck)),
    HostConfig: hostConfigOf(inputs),
  }) as Docker.ContainerCreateOptions;
}

/** Also for the containers of a service. */
export function healthcheckOf(check: PropertyMap | undefined) {
  if (!check) return undefined;
  return given({
    Test: textsOf(check.tests),
    Interval: nanoseconds(textOf(check.interval)),
    Timeout: nanoseconds(textOf(check.timeout)),
    StartPeriod: nanoseconds(textOf(check.startPeriod)),
    StartInterval: nanoseconds(textOf(check.startInterval)) || undefined,
    Retries: numberOf(check.retries) ?? 0,
  });
}
