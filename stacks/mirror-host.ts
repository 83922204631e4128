import { dockerHostText } from "../components/docker-host/docker-host.ts";
import type { NodeConnection } from "../components/nodes/node-connection.ts";
import { isLoopback } from "./host-name.ts";
import type { Settings } from "./settings.ts";

/**
 * The host by which a node reaches the stack's caches: the first one, where the node is the Docker host itself, else the first that
 * other machines reach; undefined: there is none.
 */
export function mirrorHost({ hosts, docker }: Pick<Settings, "hosts" | "docker">, node: NodeConnection) {
  return hosts.find((host) => !isLoopback(host) || isDockerHost(node, dockerHostText(docker)));
}

function isDockerHost(node: NodeConnection, url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";
  const isHere = /^(unix|npipe):/.test(url) || isLoopback(host);
  return node.type === "local" ? isHere : !isHere && host === node.host;
}
