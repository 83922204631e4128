import { durationSeconds } from "../../components/registry/configuration/duration.ts";
import { swarmFileLimit } from "../../components/swarm/swarm-file-content.ts";
import type { Problem } from "../../components/validation/describe-issues.ts";
import { hasRegistry, type Settings, type SettingsWithRegistry } from "../settings.ts";
import { isObjectStorage } from "./object-storage.ts";
import type { ServiceSettings } from "./service.ts";
import { volumeDriverProblems } from "./volume-driver-problems.ts";

/** What can't go together when the registry is a service, and what only a service has. */
export function serviceProblems(settings: Settings): Problem[] {
  const { service, swarm, container } = settings;
  if (!service) {
    if (!swarm) return [];
    return [
      { path: "swarm", reason: "says how a swarm is made, but there is no service: add service, or leave it out." },
    ];
  }
  if (!hasRegistry(settings)) {
    return [{ path: "service", reason: "runs a registry, and registry is none: caches are containers. Leave it out." }];
  }
  return [
    ...(container
      ? [{ path: "container", reason: "and service are two ways to run a registry: leave one of them out." }]
      : []),
    ...placeProblems(settings),
    ...storageProblems(settings, service),
    ...orderProblems(settings, service),
    ...sizeProblems(settings, service),
    ...(service.redisCache && settings.registry.redis
      ? [
          {
            path: "service.redisCache",
            reason: "makes a Redis server, and registry.redis names one: leave one of them out.",
          },
        ]
      : []),
  ];
}

function placeProblems({ address, registry, service }: SettingsWithRegistry): Problem[] {
  const stopGrace = service?.stopGrace;
  return [
    ...(address === undefined
      ? []
      : [
          {
            path: "address",
            reason: `is ${address}, but a swarm publishes ports on every address of a node: leave it out.`,
          },
        ]),
    ...(stopGrace !== undefined && durationSeconds(stopGrace) <= durationSeconds(registry.drainTimeout)
      ? [
          {
            path: "service.stopGrace",
            reason: `is ${stopGrace}; it must be longer than registry.drainTimeout (${registry.drainTimeout}), or requests under way are cut off.`,
          },
        ]
      : []),
  ];
}

/** Measured: two registries on one volume lose uploads, also on one that their nodes share. */
function storageProblems({ storage }: Settings, { replicas, files }: ServiceSettings): Problem[] {
  const several = replicas === "global" || replicas > 1;
  const problems: Problem[] = [];
  if (several && !isObjectStorage(storage)) {
    const place = "volume" in storage ? "a volume" : "a folder";
    problems.push({
      path: "service.replicas",
      reason: `is ${replicas}, but images are in ${place}: several registries on one lose uploads. Set it to 1, or use object storage.`,
    });
  }
  if ("volume" in storage) {
    if (!storage.volume.keep) {
      problems.push({
        path: "storage.volume.keep",
        reason: "is false, but volumes of a service are on its nodes, where the kit removes none: leave it out.",
      });
    }
    problems.push(...volumeDriverProblems(storage.volume));
  }
  const reserved = Object.keys(files).filter((path) => path.startsWith("/run/secrets/"));
  return [
    ...problems,
    ...reserved.map((path) => ({
      path: "service.files",
      reason: `has ${path}, in the folder of the secrets: choose another.`,
    })),
  ];
}

function orderProblems({ storage }: Settings, { update, publish }: ServiceSettings): Problem[] {
  if (update.order !== "start-first") return [];
  const path = "service.update.order";
  return [
    ...(publish === "host"
      ? [
          {
            path,
            reason:
              "is start-first, but with publish: host the new task waits for ever for the port of the old one: use stop-first.",
          },
        ]
      : []),
    ...(isObjectStorage(storage)
      ? []
      : [
          {
            path,
            reason: "is start-first, so that two registries would write to one volume for a while: use stop-first.",
          },
        ]),
  ];
}

/** Each becomes a secret or a config of the swarm. What is made from other parts is checked when it is made. */
function sizeProblems({ users, tls }: Settings, { files }: ServiceSettings): Problem[] {
  const htpasswd =
    users === "none" ? 0 : Object.keys(users).reduce((sum, user) => sum + Buffer.byteLength(user) + hashLine, 0);
  const provided = tls === "none" ? undefined : tls.provided;
  const sizes: [string, number][] = [
    ["users", htpasswd],
    ["tls.provided.certificate", Buffer.byteLength(`${provided?.certificate ?? ""}${provided?.chain ?? ""}`)],
    ["tls.provided.privateKey", Buffer.byteLength(provided?.privateKey ?? "")],
    ...Object.entries(files).map(([path, content]): [string, number] => [
      `service.files.${path}`,
      Buffer.byteLength(content),
    ]),
  ];
  return sizes
    .filter(([, size]) => size >= swarmFileLimit)
    .map(([path, size]) => ({
      path,
      reason: `needs ${size} bytes; a swarm keeps secrets and configs of less than ${swarmFileLimit} bytes. Make it smaller.`,
    }));
}

/** A colon, a bcrypt hash of 60 characters, and the end of the line. */
const hashLine = 62;
