import { nodeName } from "../../components/nodes/node-connection.ts";
import type { Problem } from "../../components/validation/describe-issues.ts";
import type { Settings } from "../settings.ts";
import { isDockerAlone, trustNodes } from "../trust-nodes.ts";

/** Settings of trust that are each allowed but don't go together. */
export function trustProblems({ trust, tls }: Settings): Problem[] {
  if (trust === "swarm" && tls === "none") {
    const reason =
      "is swarm, but tls is none: there is no certificate to trust, and daemon.json is out of a swarm's reach. Name nodes under trust, or set it to none.";
    return [{ path: "trust", reason }];
  }
  if (typeof trust === "string") return [];
  const nodes = trustNodes(trust);
  const problems: Problem[] = [];
  const names = new Map<string, string | undefined>();
  for (const { name, connection } of nodes) {
    const place = nodeName(connection);
    if (names.has(place)) {
      const reason = `is ${place}, which is node ${names.get(place)} already. Leave one out.`;
      problems.push({ path: `trust.nodes.${name}`, reason });
    } else names.set(place, name);
  }
  const hasDocker = nodes.some(({ clients }) => clients === "detect" || clients.includes("docker"));
  if (trust.insecureRegistries.length > 0 && !hasDocker) {
    const reason =
      "is of no use: it is for Docker daemons, and no node has docker among its clients. Leave it out, or add docker to clients.";
    problems.push({ path: "trust.insecureRegistries", reason });
  }
  for (const registry of Object.keys(trust.mirrors)) {
    if (registry === "docker.io" || !isDockerAlone(nodes)) continue;
    const reason =
      "is of no use: Docker takes mirrors of docker.io only. Leave it out, or add containerd or podman to clients.";
    problems.push({ path: `trust.mirrors.${registry}`, reason });
  }
  return problems;
}
