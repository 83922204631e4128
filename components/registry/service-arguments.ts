import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { registryLabel, registryPort, storageFolder } from "../files/layout.ts";
import type { SwarmFile } from "../swarm/swarm-files.ts";
import type { FilledServiceArguments as ServedArgs } from "./filled-arguments.ts";
import { healthUrl } from "./health-url.ts";
import { imageReference } from "./image.ts";
import { proxyVariables } from "./proxy-variables.ts";
import { storeLabels, storeVariables } from "./store-traces.ts";

/** Where a swarm puts secrets that are not given another place. */
export const secretsFolder = "/run/secrets";

const MiB = 1024 * 1024;

interface Parts {
  /** Numeric `uid:gid`. */
  user: pulumi.Input<string>;
  secrets: SwarmFile[];
  configs: SwarmFile[];
  networks: docker.types.input.ServiceTaskSpecNetworksAdvanced[];
}

/**
 * The service of a registry, hardened as its container is as far as services can be: no capabilities, read-only root, limits, a
 * health check; nothing secret in it. Every value is given, so that no engine's default shows up as a difference.
 */
export function serviceArguments(args: ServedArgs, { user, secrets, configs, networks }: Parts): docker.ServiceArgs {
  const { service, tls } = args;
  const { update } = service;
  const rollout = {
    parallelism: update.parallelism,
    delay: update.delay,
    monitor: update.monitor,
    maxFailureRatio: String(update.maxFailureRatio),
    order: update.order,
  };
  const url = healthUrl(tls, args.options);
  const part = (index: number) => pulumi.output(user).apply((ids) => ids.split(":")[index] ?? "0");
  return {
    name: args.name,
    labels: labelList({ ...service.labels, [registryLabel]: args.name }),
    // Written as the provider reads it back; with `global` it takes no replicas. No convergeConfig: ServiceRollout waits.
    mode: service.replicas === "global" ? { global: true } : { replicated: { replicas: service.replicas } },
    endpointSpec: {
      mode: "vip",
      ports: [{ targetPort: registryPort, publishedPort: args.port, publishMode: service.publish, protocol: "tcp" }],
    },
    taskSpec: {
      containerSpec: {
        image: imageReference(args.image),
        args: [`${secretsFolder}/config.yml`],
        // The image's own default in newer builds; older ones log a failed export every few seconds (distribution#4270).
        env: {
          OTEL_TRACES_EXPORTER: "none",
          ...storeVariables(args.storage, secretsFolder),
          ...proxyVariables(args.proxy),
        },
        user,
        readOnly: true,
        capDrops: ["ALL"],
        mounts: [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { sizeBytes: 64 * MiB } }, ...storageMounts(args)],
        secrets: secrets.map(({ id, name, file }) => ({
          secretId: id,
          secretName: name,
          fileName: file,
          fileUid: part(0),
          fileGid: part(1),
          fileMode: 0o400,
        })),
        configs: configs.map(({ id, name, file }) => ({
          configId: id,
          configName: name,
          fileName: file,
          fileMode: 0o444,
        })),
        healthcheck: {
          // GET / needs no user; it answers 503 when the storage fails.
          tests: ["CMD", "wget", "-q", "--no-check-certificate", "-O", "/dev/null", url],
          ...service.health,
        },
        stopGracePeriod: service.stopGrace,
        labels: labelList({
          ...service.containerLabels,
          [registryLabel]: args.name,
          ...storeLabels(args.storage),
        }),
      },
      resources: {
        limits: amounts(service.limits),
        ...(Object.keys(amounts(service.reservations)).length > 0
          ? { reservation: amounts(service.reservations) }
          : {}),
      },
      restartPolicy: {
        condition: service.restart.condition,
        delay: service.restart.delay,
        // None, as Docker says it: the plugin of @pulumi/docker reads it back, and would remove it at every update.
        maxAttempts: service.restart.attempts ?? 0,
        window: service.restart.window ?? "0s",
      },
      placement: placement(args),
      logDriver: { name: service.logs.driver, options: service.logs.options },
      ...(networks.length > 0 ? { networksAdvanceds: networks } : {}),
    },
    updateConfig: { ...rollout, failureAction: "rollback" },
    rollbackConfig: { ...rollout, failureAction: "pause" },
  };
}

/** Volumes are made by the mount, on each node that gets a task, with these options. */
function storageMounts({ storage }: ServedArgs): docker.types.input.ServiceTaskSpecContainerSpecMount[] {
  // The image declares a volume there: without this, each task would leave a nameless one on its node.
  if ("objects" in storage) {
    return [{ type: "tmpfs", target: storageFolder, tmpfsOptions: { sizeBytes: 4096, mode: 0o555 } }];
  }
  if ("bindMount" in storage) return [{ type: "bind", source: storage.bindMount.path, target: storageFolder }];
  const { name, driver, driverOptions } = storage.volume;
  const options = { driverName: driver ?? "local", ...(driverOptions ? { driverOptions } : {}) };
  return [{ type: "volume", source: name, target: storageFolder, volumeOptions: options }];
}

function placement({ service, node }: ServedArgs): docker.types.input.ServiceTaskSpecPlacement {
  const { constraints, preferences, maxPerNode } = service.placement;
  const all = [...constraints, ...(node === undefined ? [] : [pulumi.interpolate`node.id==${node}`])];
  return {
    ...(all.length > 0 ? { constraints: all } : {}),
    ...(preferences.length > 0 ? { prefs: preferences } : {}),
    ...(maxPerNode === undefined ? {} : { maxReplicas: maxPerNode }),
  };
}

function amounts({ memory, cpus }: { memory?: number | undefined; cpus?: number | undefined }) {
  return {
    ...(memory === undefined ? {} : { memoryBytes: memory * MiB }),
    ...(cpus === undefined ? {} : { nanoCpus: Math.round(cpus * 1e9) }),
  };
}

function labelList(labels: Record<string, pulumi.Input<string>>): { label: string; value: pulumi.Input<string> }[] {
  return Object.entries(labels)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([label, value]) => ({ label, value }));
}
