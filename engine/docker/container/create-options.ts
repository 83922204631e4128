import type Docker from "dockerode";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { isTrue, labelsOf, numberOf, objectOf, textOf, textsOf } from "../../../lib/protocol/values.ts";
import { filled, given } from "../common/given.ts";
import { volumesOf } from "./container-mounts.ts";
import { portsOf } from "./container-ports.ts";
import { healthcheckOf } from "./healthcheck.ts";
import { hostConfigOf } from "./host-config.ts";

/** The body of Docker's "create a container" for checked inputs. */
export function createOptions(inputs: PropertyMap): Docker.ContainerCreateOptions {
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
    Env: filled(textsOf(inputs.envs)),
    Cmd: filled(textsOf(inputs.command)),
    Entrypoint: filled(textsOf(inputs.entrypoints)),
    Labels: labelsOf(inputs.labels),
    ExposedPorts: filled(portsOf(inputs.ports).exposed),
    Volumes: filled(volumesOf(inputs.volumes).anonymous),
    Healthcheck: healthcheckOf(objectOf(inputs.healthcheck)),
    HostConfig: hostConfigOf(inputs),
  }) as Docker.ContainerCreateOptions;
}
