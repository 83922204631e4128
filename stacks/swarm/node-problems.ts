import { isSharedVolume } from "../../components/registry/shared-volume.ts";
import type { SwarmNode } from "../../components/swarm/placement-constraint.ts";
import { fittingNodes } from "../../components/swarm/placement-constraint.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { ServiceSettings } from "../service/settings.ts";
import type { Settings } from "../settings/settings.ts";
import { isObjectStorage } from "../storage/object-storage.ts";
import { sizeProblems } from "./size-problems.ts";

interface Nodes {
  nodes: SwarmNode[];
  /** Id of the engine's own node. */
  ownNode: string;
  /** Volume drivers that the engine itself has loaded; the swarm hears of them up to 20 seconds later. */
  ownDrivers: string[];
}

/** Whether there are nodes for the service, as many as it needs, with the driver of its volume. */
export function nodeProblems(settings: Settings & { service: ServiceSettings }, given: Nodes): Problem[] {
  const { storage, service } = settings;
  const { constraints } = service.placement;
  const fitting = fittingNodes(given.nodes, constraints);
  const ready = fitting.filter(({ Spec, Status }) => Spec.Availability === "active" && Status.State === "ready");
  if (ready.length === 0) {
    const nodes = given.nodes.map(describe).join(", ");
    const reason = `allow no node that is ready and active. Nodes: ${nodes}. Change the constraints, or a node: docker node update.`;
    return [{ path: "service.placement.constraints", reason }];
  }
  if (isObjectStorage(storage)) return [...sizeProblems(service, ready), ...countProblems(service, ready.length)];
  if ("volume" in storage && isSharedVolume(storage.volume)) {
    const { driver = "local" } = storage.volume;
    return [...sizeProblems(service, ready), ...(driver === "local" ? [] : driverProblems(driver, ready, given))];
  }
  if (constraints.length === 0) {
    return sizeProblems(
      service,
      given.nodes.filter(({ ID }) => ID === given.ownNode),
    );
  }
  if (fitting.length === 1) return sizeProblems(service, fitting);
  return [
    {
      path: "service.placement.constraints",
      reason: `allow ${fitting.length} nodes (${names(fitting)}), but each would have images of its own. Name one, for example node.hostname==${fitting[0]?.Description.Hostname}, or use a volume driver or object storage that all share.`,
    },
  ];
}

function countProblems({ replicas, publish, placement }: ServiceSettings, nodes: number): Problem[] {
  if (replicas === "global") return [];
  const perNode = publish === "host" ? 1 : placement.maxPerNode;
  if (perNode === undefined || replicas <= perNode * nodes) return [];
  const why = publish === "host" ? "with publish: host a node runs one" : `placement.maxPerNode is ${perNode}`;
  const reason = `is ${replicas}, but ${why}, and ${nodes} may run the registry. Set it to ${perNode * nodes} at most, or to global.`;
  return [{ path: "service.replicas", reason }];
}

function driverProblems(driver: string, nodes: SwarmNode[], { ownNode, ownDrivers }: Nodes): Problem[] {
  const isThis = (name: string) => name === driver || name === `${driver}:latest` || `${name}:latest` === driver;
  const missing = nodes.filter(({ ID, Description }) => {
    const known = (Description.Engine?.Plugins ?? []).filter(({ Type }) => Type === "Volume").map(({ Name }) => Name);
    return ![...known, ...(ID === ownNode ? ownDrivers : [])].some(isThis);
  });
  if (missing.length === 0) return [];
  return [
    {
      path: "storage.volume.driver",
      reason:
        `is ${driver}, which ${names(missing)} may need and does not have, as far as the swarm knows. Install it there, or keep the registry ` +
        "away by service.placement.constraints. Where it is installed, the swarm knows of it 20 seconds after its first use. Type there: " +
        `docker volume create --driver ${driver} wake && docker volume rm wake`,
    },
  ];
}

function names(nodes: SwarmNode[]): string {
  return nodes.map(({ Description }) => Description.Hostname).join(", ");
}

function describe({ Description, Status, Spec }: SwarmNode): string {
  return `${Description.Hostname} (${Status.State}, ${Spec.Availability})`;
}
