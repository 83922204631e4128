import type { NodeConnection } from "../components/nodes/node-connection.ts";
import { isLoopback } from "./host-name.ts";
import type { Settings } from "./settings.ts";

/**
 * The host by which a node reaches the stack's caches: the first one, where the node is the Docker host itself, else the first that
 * other machines reach; undefined: there is none.
 */
export function mirrorHost({ hosts, docker }: Pick<Settings, "hosts" | "docker">, node: NodeConnection) {
  return hosts.find((host) => !isLoopback(host) || isDockerHost(node, docker.url));
}

function isDockerHost(node: NodeConnection, url: string | undefined): boolean {
  const isHere = url === undefined || /^(unix|npipe):/.test(url);
  if (node.type === "local") return isHere;
  return !isHere && URL.canParse(url) && new URL(url).hostname.replace(/^\[|\]$/g, "") === node.host;
}
