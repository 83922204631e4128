import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { durationSeconds } from "../../lib/time/registry-duration.ts";
import { configurationFile, configurationFolder, registryLabel, registryPort, storageFolder } from "../files/layout.ts";
import type { FilledArguments } from "./filled-arguments.ts";
import { healthUrl } from "./health-url.ts";
import { proxyVariables } from "./proxy-variables.ts";
import { storeLabels, storeVariables } from "./store-traces.ts";
import { upstreamAuthorityName } from "./upstream-files.ts";

/** How long past the registry's own drain time the engine waits before it kills the container. */
const stopGraceSeconds = 10;

interface Parts {
  image: pulumi.Input<string>;
  /** Name of the volume with the configuration. */
  files: pulumi.Input<string>;
  /** Name of the volume with the images; undefined with a bind mount and with object storage. */
  data: pulumi.Input<string> | undefined;
  /** `uid:gid` */
  user: pulumi.Input<string>;
  /** Names of the networks to join; empty: Docker's default bridge. */
  networks: pulumi.Input<string>[];
}

/**
 * The container of a registry, hardened as the CIS Docker Benchmark asks (5.4, 5.11, 5.13, 5.26, 5.27, 5.29): no
 * capabilities, read-only root, no new privileges, limits, a health check; nothing secret in it.
 */
export function containerArguments(
  args: FilledArguments,
  { image, files, data, user, networks }: Parts,
): docker.ContainerArgs {
  const { container, tls, options, upstream } = args;
  const stopTimeout = Math.ceil(durationSeconds(options.drainTimeout)) + stopGraceSeconds;
  const url = healthUrl(tls, options);
  const variables = Object.entries({
    ...storeVariables(args.storage, configurationFolder),
    ...proxyVariables(args.proxy),
  });
  return {
    name: args.name,
    image,
    command: [configurationFile],
    // The image's own default in newer builds; older ones log a failed export every few seconds (distribution#4270).
    envs: [
      "OTEL_TRACES_EXPORTER=none",
      ...variables.map(([name, value]) => `${name}=${value}`),
      ...(upstream?.authorityPem ? [`SSL_CERT_FILE=${configurationFolder}/${upstreamAuthorityName}`] : []),
    ],
    ports: [{ internal: registryPort, external: args.port, ip: args.address }],
    volumes: [
      { volumeName: files, containerPath: configurationFolder, readOnly: true },
      ...("volume" in args.storage
        ? [{ volumeName: data ?? args.storage.volume.name, containerPath: storageFolder }]
        : []),
    ],
    // A mount refuses a folder that does not exist; among the volumes it would be made, empty, and hide a typing error.
    ...("bindMount" in args.storage
      ? { mounts: [{ type: "bind", source: args.storage.bindMount.path, target: storageFolder }] }
      : {}),
    restart: container.restart,
    user,
    ...(networks.length > 0 ? { networksAdvanced: networks.map((name) => ({ name })) } : {}),
    readOnly: true,
    tmpfs: {
      "/tmp": "rw,noexec,nosuid,size=64m",
      // The image declares a volume here: without this, each container would get a nameless one.
      ...("objects" in args.storage ? { [storageFolder]: "ro,noexec,nosuid,size=4k" } : {}),
    },
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory: container.memory,
    // No swap. Left out, the engine chooses, and the provider sees its choice as a change to undo.
    memorySwap: container.memory,
    ...(container.cpus === undefined ? {} : { cpus: String(container.cpus) }),
    ...(container.nofile === undefined
      ? {}
      : { ulimits: [{ name: "nofile", soft: container.nofile, hard: container.nofile }] }),
    healthcheck: {
      // GET / needs no user; it answers 503 when the storage fails.
      tests: ["CMD", "wget", "-q", "--no-check-certificate", "-O", "/dev/null", url],
      interval: "10s",
      timeout: "5s",
      retries: 3,
      startPeriod: "10s",
    },
    stopTimeout,
    destroyGraceSeconds: stopTimeout,
    logDriver: "json-file",
    logOpts: { "max-size": container.logs.maxSize, "max-file": String(container.logs.maxFiles) },
    labels: Object.entries({
      ...container.labels,
      [registryLabel]: args.name,
      ...storeLabels(args.storage),
    })
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([label, value]) => ({ label, value })),
  };
}
