import { isIPv6 } from "node:net";
import { isLoopback } from "../../components/machines/is-loopback.ts";
import { nodeName } from "../../components/machines/node-connection.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";
import { isDockerAlone, trustNodes } from "./trust-nodes.ts";

/** Settings of trust that are each allowed but don't go together. */
export const trustRules: Rule[] = [swarmWithoutTls, noNameForDocker, sameNodes, registriesOfNoUse, mirrorsOfNoUse];

function swarmWithoutTls({ trust, tls }: Settings): Problem[] {
  if (trust !== "swarm" || tls !== "none") return [];
  const reason =
    "is swarm, but tls is none: there is no certificate to trust, and daemon.json is out of a swarm's reach. Name nodes under trust, or set it to none.";
  return [{ path: "trust", reason }];
}

/** Docker's grammar of references has IPv6 addresses since Docker 29. With other clients, or unknown ones, a warning is enough. */
function noNameForDocker({ hosts, trust, registry, port }: Settings): Problem[] {
  const isUnnamed = hosts.every((host) => isIPv6(host) && !isLoopback(host));
  if (registry === "none" || trust === "none" || !isUnnamed) return [];
  if (typeof trust !== "string" && !isDockerAlone(trustNodes(trust))) return [];
  const reason = `has IPv6 addresses only, and Docker 20 to 28 cannot name a registry by one ([${hosts[0]}]:${port}/image is no name to them). Add a DNS name for the address. If other clients use the registry, list them in trust.clients.`;
  return [{ path: "hosts", reason }];
}

function sameNodes({ trust }: Settings): Problem[] {
  if (typeof trust === "string") return [];
  const names = new Map<string, string | undefined>();
  return trustNodes(trust).flatMap(({ name, connection }) => {
    const place = nodeName(connection);
    const first = names.get(place);
    if (!names.has(place)) {
      names.set(place, name);
      return [];
    }
    return [{ path: `trust.nodes.${name}`, reason: `is ${place}, which is node ${first} already. Leave one out.` }];
  });
}

function registriesOfNoUse({ trust }: Settings): Problem[] {
  if (typeof trust === "string" || trust.insecureRegistries.length === 0) return [];
  if (trustNodes(trust).some(({ clients }) => clients === "detect" || clients.includes("docker"))) return [];
  const reason =
    "has no effect: it is for Docker daemons, and no node has docker among its clients. Leave it out, or add docker to clients.";
  return [{ path: "trust.insecureRegistries", reason }];
}

function mirrorsOfNoUse({ trust }: Settings): Problem[] {
  if (typeof trust === "string" || !isDockerAlone(trustNodes(trust))) return [];
  return Object.keys(trust.mirrors)
    .filter((registry) => registry !== "docker.io")
    .map((registry) => ({
      path: `trust.mirrors.${registry}`,
      reason:
        "has no effect: Docker uses mirrors of docker.io only. Leave it out, or add containerd or podman to clients.",
    }));
}
