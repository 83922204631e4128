import { posix } from "node:path";
import type { ServiceSpec } from "dockerode";
import { sha256 } from "../../../lib/files/sha256.ts";
import { registryName } from "../registry-name.ts";
import type { SwarmTrustInputs } from "./swarm-trust-inputs.ts";
import { trustScript } from "./trust-script.ts";

/** The label of the service and its configs; its value is the name of the service. */
export const trustLabel = "io.registry-kit.swarm-trust";
/** The label of the service that says whose it is: the URN of its resource. */
export const ownerLabel = "io.registry-kit.owner";
/** The label by which a task tells which state of the service it belongs to. */
export const revisionLabel = "io.registry-kit.revision";

const authorityPath = "/ca.crt";

export type TrustMode = "keep" | "remove";

/** The folders of certs.d, one for each name under which the registry is reached. */
export function trustFolders({ hosts, ports }: Pick<SwarmTrustInputs, "hosts" | "ports">): string[] {
  return [...new Set(ports.flatMap((port) => hosts.map((host) => registryName(host, port))))].toSorted();
}

/** Swarm configs can't be changed, so another certificate is another config. */
export function configName({ name, certificatePem }: SwarmTrustInputs): string {
  return `${name}-${sha256(certificatePem).slice(0, 12)}`;
}

/**
 * The global service: on every Linux node a shell without capabilities, on a read-only root and with no port and no network of
 * the swarm, that may write below /etc/docker. Not below certs.d alone: that folder is missing on most nodes, and
 * before Docker 25 no service can have it made.
 */
export function trustService(
  inputs: SwarmTrustInputs,
  mode: TrustMode,
  { config, owner }: { config: string; owner: string },
): ServiceSpec {
  const { name, certsDirectory, image } = inputs;
  const parent = posix.dirname(certsDirectory);
  const folders = mode === "keep" ? trustFolders(inputs) : [];
  const container = {
    Image: image,
    Command: ["/bin/sh", "-c", trustScript, "sh"],
    Args: [mode, certsDirectory, name, authorityPath, ...folders],
    User: "0:0",
    ReadOnly: true,
    CapabilityDrop: ["ALL"],
    Privileges: noNewPrivileges,
    Mounts: [{ Type: "bind" as const, Source: parent, Target: parent, BindOptions: makeMissing }],
    Configs: [
      {
        ConfigID: config,
        ConfigName: configName(inputs),
        File: { Name: authorityPath, UID: "0", GID: "0", Mode: 0o444 },
      },
    ],
    StopGracePeriod: seconds(5),
  };
  const revision = sha256(JSON.stringify(container));
  return {
    Name: name,
    Labels: { [trustLabel]: name, [revisionLabel]: revision, [ownerLabel]: owner },
    Mode: { Global: {} },
    TaskTemplate: {
      ContainerSpec: { ...container, Labels: { [trustLabel]: name, [revisionLabel]: revision } },
      // A task that keeps ends only with its node, after whose return it is wanted again; one that removes ends for good.
      RestartPolicy: { Condition: mode === "keep" ? "any" : "on-failure", Delay: seconds(2) },
      Placement: { Constraints: ["node.platform.os==linux"] },
      Resources: { Limits: { MemoryBytes: 32 * 1024 * 1024, Pids: 32 } },
      LogDriver: { Name: "json-file", Options: { "max-size": "1m", "max-file": "1" } },
    },
    UpdateConfig: { Parallelism: 0, FailureAction: "continue", Order: "stop-first" },
  };
}

/** From Docker 25 on; older engines pass over it. */
const noNewPrivileges = { NoNewPrivileges: true } as object;
/** For engines that can: a folder that is not there is made. */
const makeMissing = { CreateMountpoint: true } as { CreateMountpoint: boolean; Propagation: "rprivate" };

/** In nanoseconds. */
function seconds(count: number): number {
  return count * 1e9;
}
