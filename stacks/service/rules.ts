import { swarmFileLimit } from "../../components/swarm/swarm-file-content.ts";
import { durationSeconds } from "../../lib/time/registry-duration.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import { stackNetworkName } from "../networks/stack-network-name.ts";
import type { Rule } from "../settings/rule.ts";
import { hasRegistry, type Settings, type SettingsWithRegistry } from "../settings/settings.ts";
import { isObjectStorage } from "../storage/object-storage.ts";
import { volumeDriverProblems } from "../storage/volume-driver-problems.ts";
import type { ServiceSettings } from "./settings.ts";

/** What can't go together when the registry is a service, and what only a service has. */
export const serviceRules: Rule[] = [
  swarmAlone,
  registryMissing,
  containerToo,
  ofService(addressGiven),
  ofService(shortGrace),
  ofService(severalOnOneVolume),
  ofService(volumeNotKept),
  ofService(({ storage }) => ("volume" in storage ? volumeDriverProblems(storage.volume) : [])),
  ofService(filesAmongSecrets),
  ofService(startFirstOnHostPorts),
  ofService(startFirstOnOneVolume),
  ofService(htpasswdSize),
  ofService(certificateSizes),
  ofService(fileSizes),
  ofService(twoRedisServers),
  ofService(networkOfCaches),
];

type OfService = SettingsWithRegistry & { service: ServiceSettings };

function ofService(rule: (settings: OfService) => Problem[]): Rule {
  const isMeant = (settings: Settings): settings is OfService =>
    settings.service !== undefined && hasRegistry(settings);
  return (settings) => (isMeant(settings) ? rule(settings) : []);
}

function swarmAlone({ service, swarm }: Settings): Problem[] {
  if (service || !swarm) return [];
  return [
    { path: "swarm", reason: "says how a swarm is made, but there is no service: add service, or leave it out." },
  ];
}

function registryMissing({ service, registry }: Settings): Problem[] {
  if (!service || registry !== "none") return [];
  return [{ path: "service", reason: "runs a registry, and registry is none: caches are containers. Leave it out." }];
}

function containerToo({ service, container, registry }: Settings): Problem[] {
  if (!service || !container || registry === "none") return [];
  return [{ path: "container", reason: "and service are two ways to run a registry: leave one of them out." }];
}

function addressGiven({ address }: OfService): Problem[] {
  if (address === undefined) return [];
  const reason = `is ${address}, but a swarm publishes ports on every address of a node: leave it out.`;
  return [{ path: "address", reason }];
}

function shortGrace({ registry, service: { stopGrace } }: OfService): Problem[] {
  if (stopGrace === undefined || durationSeconds(stopGrace) > durationSeconds(registry.drainTimeout)) return [];
  const reason = `is ${stopGrace}; it must be longer than registry.drainTimeout (${registry.drainTimeout}), or requests under way are cut off.`;
  return [{ path: "service.stopGrace", reason }];
}

/** Measured: two registries on one volume lose uploads, also on one that their nodes share. */
function severalOnOneVolume({ storage, service: { replicas } }: OfService): Problem[] {
  if (replicas === 1 || isObjectStorage(storage)) return [];
  const place = "volume" in storage ? "a volume" : "a folder";
  const reason = `is ${replicas}, but images are in ${place}: several registries on one lose uploads. Set it to 1, or use object storage.`;
  return [{ path: "service.replicas", reason }];
}

function volumeNotKept({ storage }: OfService): Problem[] {
  if (!("volume" in storage) || storage.volume.keep) return [];
  const reason = "is false, but volumes of a service are on its nodes, where the kit removes none: leave it out.";
  return [{ path: "storage.volume.keep", reason }];
}

function filesAmongSecrets({ service: { files } }: OfService): Problem[] {
  return Object.keys(files)
    .filter((path) => path.startsWith("/run/secrets/"))
    .map((path) => ({
      path: "service.files",
      reason: `has ${path}, in the folder of the secrets: choose another.`,
    }));
}

function startFirstOnHostPorts({ service: { update, publish } }: OfService): Problem[] {
  if (update.order !== "start-first" || publish !== "host") return [];
  const reason =
    "is start-first, but with publish: host the new task waits forever for the port of the old one: use stop-first.";
  return [{ path: "service.update.order", reason }];
}

function startFirstOnOneVolume({ storage, service: { update } }: OfService): Problem[] {
  if (update.order !== "start-first" || isObjectStorage(storage)) return [];
  const reason = "is start-first, so that two registries would write to one volume for a while: use stop-first.";
  return [{ path: "service.update.order", reason }];
}

function htpasswdSize({ users }: OfService): Problem[] {
  if (users === "none") return [];
  const lines = Object.keys(users).map((user) => Buffer.byteLength(user) + hashLine);
  return sizeProblem(
    "users",
    lines.reduce((sum, line) => sum + line, 0),
  );
}

function certificateSizes({ tls }: OfService): Problem[] {
  if (tls === "none" || !tls.provided) return [];
  const { certificate, chain = "", privateKey } = tls.provided;
  return [
    ...sizeProblem("tls.provided.certificate", Buffer.byteLength(`${certificate}${chain}`)),
    ...sizeProblem("tls.provided.privateKey", Buffer.byteLength(privateKey)),
  ];
}

function fileSizes({ service: { files } }: OfService): Problem[] {
  return Object.entries(files).flatMap(([path, content]) =>
    sizeProblem(`service.files.${path}`, Buffer.byteLength(content)),
  );
}

/** Each becomes a secret or a config of the swarm. What is made from other parts is checked when it is made. */
function sizeProblem(path: string, size: number): Problem[] {
  if (size < swarmFileLimit) return [];
  const reason = `needs ${size} bytes; a swarm keeps secrets and configs of less than ${swarmFileLimit} bytes. Make it smaller.`;
  return [{ path, reason }];
}

function twoRedisServers({ service, registry }: OfService): Problem[] {
  if (!service.redisCache || !registry.redis) return [];
  const reason = "makes a Redis server, and registry.redis names one: leave one of them out.";
  return [{ path: "service.redisCache", reason }];
}

/** The caches of the stack are containers, on a bridge network of the Docker host: two networks of one name cannot be told apart. */
function networkOfCaches({ name, caches, service: { network } }: OfService): Problem[] {
  if (network === undefined || network === "none" || Object.keys(caches).length === 0) return [];
  if (network.name !== stackNetworkName({ name })) return [];
  const reason = `is ${network.name}, the network of the stack's caches: choose another name.`;
  return [{ path: "service.network.name", reason }];
}

/** A colon, a bcrypt hash of 60 characters, and the end of the line. */
const hashLine = 62;
