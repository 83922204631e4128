/** A node as a manager lists it, as far as constraints, plugins and sizes go. */
export interface SwarmNode {
  ID: string;
  Spec: { Role: string; Availability: string; Labels?: Record<string, string> };
  Status: { State: string; Addr?: string };
  Description: {
    Hostname: string;
    Platform?: { Architecture?: string; OS?: string };
    Resources?: { NanoCPUs?: number; MemoryBytes?: number };
    Engine?: { Labels?: Record<string, string>; Plugins?: { Type: string; Name: string }[] };
  };
}

/** The nodes that fit every one of the constraints. */
export function fittingNodes(nodes: readonly SwarmNode[], constraints: readonly string[]): SwarmNode[] {
  return nodes.filter((node) => constraints.every((constraint) => fitsConstraint(node, constraint)));
}

/** Whether a node fits a constraint such as `node.labels.zone==a`, as swarmkit compares: without regard to case. One that it has not here counts as fitting. */
export function fitsConstraint(node: SwarmNode, constraint: string): boolean {
  const [, key = "", operator, wanted = ""] = /^(\S+?)\s*([!=]=)\s*(\S+)$/.exec(constraint) ?? [];
  const value = attributeOf(node, key);
  if (value === undefined) return true;
  return (value.toLowerCase() === wanted.toLowerCase()) === (operator === "==");
}

function attributeOf({ ID, Spec, Description }: SwarmNode, key: string): string | undefined {
  const label = /^node\.labels\.(.+)$/.exec(key)?.[1];
  if (label) return Spec.Labels?.[label] ?? "";
  const engineLabel = /^engine\.labels\.(.+)$/.exec(key)?.[1];
  if (engineLabel) return Description.Engine?.Labels?.[engineLabel] ?? "";
  const values: Record<string, string | undefined> = {
    "node.id": ID,
    "node.hostname": Description.Hostname,
    "node.role": Spec.Role,
    "node.platform.os": Description.Platform?.OS,
  };
  return values[key];
}
