import type Docker from "dockerode";
import type { PropertyMap, PropertyValue } from "../../../lib/protocol/property-value.ts";
import { numberOf, objectsOf, textOf } from "../../../lib/protocol/values.ts";

/** `ports` as Docker takes them: what the container listens on, and where the host does; external 0 or none: Docker chooses. */
export function portsOf(value: PropertyValue | undefined): {
  exposed: Record<string, object>;
  bindings: Record<string, { HostIp: string; HostPort: string }[]>;
} {
  const exposed: Record<string, object> = {};
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of objectsOf(value)) {
    const key = `${port.internal}/${textOf(port.protocol) ?? "tcp"}`;
    exposed[key] = {};
    const binding = { HostIp: textOf(port.ip) ?? "", HostPort: String(numberOf(port.external) ?? 0) };
    bindings[key] = [...(bindings[key] ?? []), binding];
  }
  return { exposed, bindings };
}

/** The ports as they are bound now, sorted by port. */
export function portOutputs(ports: Docker.ContainerInspectInfo["NetworkSettings"]["Ports"]): PropertyMap[] {
  return Object.entries(ports ?? {})
    .flatMap(([key, bindings]) => {
      const [internal = "", protocol = "tcp"] = key.split("/");
      return (bindings ?? []).map(({ HostIp, HostPort }) => ({
        internal: Number(internal),
        external: Number(HostPort),
        ip: HostIp,
        protocol,
      }));
    })
    .sort((a, b) => a.internal - b.internal || (a.protocol < b.protocol ? -1 : 1));
}
