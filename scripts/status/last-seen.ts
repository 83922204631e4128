import { z } from "zod";
import { nodeState, trustFile } from "../../components/trust/trust-state.ts";
import { nameOf } from "../../lib/protocol/urn.ts";
import type { StackResource } from "../engines/engine.ts";
import type { DeployedService } from "../session/deployment.ts";

const trust = z.object({ files: z.array(trustFile), leftOut: z.array(z.string()).default([]) });
const daemon = z.object({ drift: z.array(z.string()), leftOut: z.array(z.string()).default([]) });
const swarm = z.object({ nodes: z.array(z.string()) });

/**
 * The nodes of a deployment as its resources saw them last. Its outputs tell what the last `up` left: a refresh looks at the
 * resources again, and runs no program that could make new outputs.
 */
export function withLastSeen<Deployed extends Pick<DeployedService, "nodes" | "trustedNodes">>(
  deployed: Deployed,
  resources: StackResource[],
): Deployed {
  const seen = <T>(type: string, schema: z.ZodType<T>, isMeant: (name: string) => boolean): T[] =>
    resources
      .filter(({ urn, type: found }) => found === `registry-kit:nodes:${type}` && isMeant(nameOf(urn)))
      .flatMap(({ outputs }) => schema.safeParse(outputs).data ?? []);
  const nodes = deployed.nodes.map((node) => {
    const trusts = seen("NodeTrust", trust, isOf(node.name, "trust"));
    const files = trusts.flatMap((found) => found.files);
    const leftOut = trusts.flatMap((found) => found.leftOut);
    const [daemonSeen] = seen("DaemonConfiguration", daemon, isOf(node.name, "daemon"));
    if (files.length + leftOut.length === 0 && !daemonSeen) return node;
    return { ...node, state: nodeState(files, [...leftOut, ...(daemonSeen?.leftOut ?? [])], daemonSeen?.drift ?? []) };
  });
  const [swarmSeen] = seen("SwarmTrust", swarm, () => true);
  return { ...deployed, nodes, ...(swarmSeen ? { trustedNodes: swarmSeen.nodes } : {}) };
}

/** Whether a resource is a node's, by its name: see stacks/trust/make.ts. Without a list of nodes there is one, called local. */
function isOf(node: string, part: "trust" | "daemon"): (name: string) => boolean {
  return (name) => name.endsWith(`-${part}-${node}`) || (node === "local" && name.endsWith(`-${part}`));
}
