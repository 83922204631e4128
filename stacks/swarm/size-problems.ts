import type { SwarmNode } from "../../components/swarm/placement-constraint.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { ServiceSettings } from "../service/settings.ts";

/** As settings and messages name an amount, and how much of it a node has; undefined: the swarm does not say. */
interface Amount {
  path: string;
  wanted: number | undefined;
  of(node: SwarmNode): number | undefined;
  unit: string;
}

const MiB = 1024 * 1024;

/**
 * What no node has that may run a task. A node makes no container with more processors than it has (moby's daemon/daemon_unix.go), and the
 * swarm places no task that reserves more than a node has. A limit of memory above that of a node is no error anywhere.
 */
export function sizeProblems({ cpus, reservations }: ServiceSettings, nodes: SwarmNode[]): Problem[] {
  const processors = (node: SwarmNode) => divided(node.Description.Resources?.NanoCPUs, 1e9);
  const memory = (node: SwarmNode) => divided(node.Description.Resources?.MemoryBytes, MiB);
  const amounts: Amount[] = [
    { path: "service.cpus", wanted: cpus, of: processors, unit: "processors" },
    { path: "service.reservations.cpus", wanted: reservations.cpus, of: processors, unit: "processors" },
    { path: "service.reservations.memory", wanted: reservations.memory, of: memory, unit: "MiB" },
  ];
  return amounts.flatMap((amount) => tooMuch(amount, nodes) ?? []);
}

function tooMuch({ path, wanted, of, unit }: Amount, nodes: SwarmNode[]): Problem | undefined {
  const sizes = nodes.map((node) => ({ name: node.Description.Hostname, size: of(node) }));
  const largest = Math.max(...sizes.map(({ size = Number.POSITIVE_INFINITY }) => size));
  if (wanted === undefined || wanted <= largest) return undefined;
  const list = sizes.map(({ name, size }) => `${name} (${size})`).join(", ");
  const reason = `is ${wanted}, and no node that may run the registry has so much. Nodes with their ${unit}: ${list}. Set ${largest} or less, or leave it out.`;
  return { path, reason };
}

function divided(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : Math.floor(value / by);
}
