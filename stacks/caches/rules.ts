import { cacheVolumeName } from "../../components/caches/cache-volume-name.ts";
import { dockerHub } from "../../components/caches/docker-hub.ts";
import { filesVolumeName } from "../../components/files/layout.ts";
import { isLoopback } from "../../components/machines/is-loopback.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import { publishedAddress } from "../docker-host/published-address.ts";
import type { Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";
import { mirrorHost } from "../trust/mirror-host.ts";
import { isDockerAlone, trustNodes } from "../trust/trust-nodes.ts";
import { cacheContainerName } from "./cache-container-name.ts";

/** What each setting of a cache allows alone, but not together with others. */
export const cacheRules: Rule[] = [
  nothingMade,
  sharedPorts,
  sharedVolumes,
  exposedImages,
  mirrorsWithoutNodes,
  mirrorsOutOfReach,
];

function nothingMade({ caches, registry }: Settings): Problem[] {
  if (registry !== "none" || Object.keys(caches).length > 0) return [];
  return [{ path: "registry", reason: "is none, and there are no caches, so the stack would be empty. Name a cache." }];
}

function sharedPorts({ caches, port, registry }: Settings): Problem[] {
  const owners = new Map<number, string>(registry === "none" ? [] : [[port, "port"]]);
  return Object.entries(caches).flatMap(([name, { port: own }]) => {
    const path = `caches.${name}.port`;
    const owner = owners.get(own);
    owners.set(own, owner ?? path);
    return owner ? [{ path, reason: `is ${own}, which ${owner} is, too. Choose another port.` }] : [];
  });
}

/** A volume of two registries loses images; one of configuration goes with its container. */
function sharedVolumes(settings: Settings): Problem[] {
  const { caches, name, registry, storage } = settings;
  const containers = [
    ...(registry === "none" ? [] : [name]),
    ...Object.keys(caches).map((key) => cacheContainerName(settings, key)),
  ];
  const owners = new Map(
    containers.map((container) => [filesVolumeName(container), `the configuration of ${container}`]),
  );
  if (registry !== "none" && "volume" in storage) owners.set(storage.volume.name, "storage.volume.name");
  return Object.entries(caches).flatMap(([key, { volume, upstream }]) => {
    const path = `caches.${key}.volume.name`;
    const own = volume.name ?? cacheVolumeName(cacheContainerName(settings, key), upstream);
    const owner = owners.get(own);
    owners.set(own, owner ?? path);
    return owner ? [{ path, reason: `is ${own}, the volume of ${owner}. Choose another name.` }] : [];
  });
}

function mirrorsWithoutNodes({ caches, trust }: Settings): Problem[] {
  if (trust !== "none" && trust !== "swarm") return mirrorsWithoutClients({ caches, trust });
  return Object.entries(caches)
    .filter(([, { mirror }]) => mirror)
    .map(([name]) => ({
      path: `caches.${name}.mirror`,
      reason: `is true, but trust is ${trust}: no node's configuration is touched then. Name nodes under trust, or leave it out.`,
    }));
}

function mirrorsOutOfReach({ caches, trust, hosts, docker }: Settings): Problem[] {
  const [node] = trustNodes(trust).filter(({ connection }) => mirrorHost({ hosts, docker }, connection) === undefined);
  if (!node) return [];
  const place = node.name ?? "this machine";
  return Object.entries(caches)
    .filter(([, { mirror }]) => mirror)
    .map(([name]) => ({
      path: `caches.${name}.mirror`,
      reason: `is true, but ${place} is not the Docker host, and of the hosts (${hosts.join(", ")}) it reaches none. Add a name or an address to hosts that it reaches.`,
    }));
}

function mirrorsWithoutClients({ caches, trust }: Pick<Settings, "caches" | "trust">): Problem[] {
  if (!isDockerAlone(trustNodes(trust))) return [];
  return Object.entries(caches)
    .filter(([, { mirror, upstream }]) => mirror && upstream !== dockerHub)
    .map(([name, { upstream }]) => ({
      path: `caches.${name}.mirror`,
      reason: `is true, but Docker uses mirrors of Docker Hub only, and this is one of ${upstream}. Leave it out and pull by the cache's own name, or add containerd or podman to trust.clients.`,
    }));
}

function exposedImages(settings: Settings): Problem[] {
  const address = publishedAddress(settings);
  if (isLoopback(address)) return [];
  return Object.entries(settings.caches)
    .filter(([, { username, insecure }]) => username !== undefined && insecure === undefined)
    .map(([name, { username }]) => ({
      path: `caches.${name}.insecure`,
      reason: `is not set, and the cache has a username: anyone who reaches ${address} may pull all images that ${username} may pull at the upstream, private ones too. Leave out the username, restrict who reaches the port and set insecure to i-understand, or set address to a loopback address.`,
    }));
}
