import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Check, failed, type Outcome, passed, skipped } from "../check.ts";
import { codeOf, messageOf } from "../explain-daemon-error.ts";
import { nodeAnswers } from "../node-answers.ts";
import type { ProofContext } from "../proof-context.ts";
import type { PublishedNode } from "../published-nodes.ts";
import { requestRegistry } from "../request-registry.ts";
import { serviceTasks } from "./service-tasks.ts";

/** How long one attempt may take, how long a node gets until it answers, and the pause between two attempts: milliseconds. */
const attemptLimit = 5_000;
const nodePatience = 5_000;
const pause = 200;

const unreachable = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN"]);

/** A check for each node that publishes the port: the registry answers there. */
export function nodesAnswer({ nodes }: ProofContext): Check[] {
  return nodes.map((node) => ({
    name: nodeAnswers(node),
    needs: () => [serviceTasks.name],
    run: (context, signal) => tryNode(node, context, signal),
  }));
}

async function tryNode(node: PublishedNode, { api, target }: ProofContext, signal: AbortSignal): Promise<Outcome> {
  if (node.address === undefined) return skipped("its manager knows no address that leads to it from here");
  const where = `${node.address}:${api.port}`;
  const deadline = performance.now() + nodePatience;
  for (;;) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(attemptLimit)]);
      const endpoint = { ...api, connectTo: node.address };
      const { status, headers } = await requestRegistry(endpoint, { method: "GET", path: "/v2/" }, limit);
      const isRegistry = headers["docker-distribution-api-version"] === "registry/2.0";
      if (!isRegistry) return failed(`${where} answers HTTP ${status}, but not as a registry`);
      return passed(`${where}, ${node.tasks > 0 ? "which runs a task" : "through the routing mesh"}`);
    } catch (error) {
      signal.throwIfAborted();
      const isSilent = error instanceof Error && error.name === "AbortError";
      const seen = isSilent ? `gives no answer within ${attemptLimit / 1000} s` : messageOf(error);
      const isLost = isSilent || unreachable.has(codeOf(error) ?? "");
      if (isLost && !node.isHere) return skipped(`${where} can't be reached from here: ${seen}`);
      if (performance.now() + pause > deadline)
        return failed(`${where}: ${seen}${advice(node, target.service?.publish)}`);
      await sleep(pause, undefined, { signal });
    }
  }
}

/** A kernel without IPVS lets the swarm set the mesh up, and then carries nothing over it; the tasks look healthy. */
function advice({ isHere }: PublishedNode, publish: "ingress" | "host" = "host"): string {
  if (publish === "host") return "; a task runs on this node, does a firewall keep the port?";
  const seen =
    isHere && !existsSync("/proc/net/ip_vs") ? " (this machine's has none: there is no /proc/net/ip_vs)" : "";
  return (
    `; the tasks run, but the routing mesh does not carry the connection to them. It needs IPVS in the node's kernel${seen}: ` +
    "type there modprobe ip_vs, or set service.publish to host"
  );
}
