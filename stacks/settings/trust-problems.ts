import { nodeName } from "../../components/nodes/node-connection.ts";
import type { Problem } from "../../components/validation/describe-issues.ts";
import type { Settings } from "../settings.ts";
import { isDockerAlone, trustNodes } from "../trust-nodes.ts";
import type { Rule } from "./rule.ts";

/** Settings of trust that are each allowed but don't go together. */
export const trustRules: Rule[] = [swarmWithoutTls, sameNodes, registriesOfNoUse, mirrorsOfNoUse];

function swarmWithoutTls({ trust, tls }: Settings): Problem[] {
  if (trust !== "swarm" || tls !== "none") return [];
  const reason =
    "is swarm, but tls is none: there is no certificate to trust, and daemon.json is out of a swarm's reach. Name nodes under trust, or set it to none.";
  return [{ path: "trust", reason }];
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
