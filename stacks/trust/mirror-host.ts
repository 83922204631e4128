import { isLoopback } from "../../components/machines/is-loopback.ts";
import type { NodeConnection } from "../../components/machines/node-connection.ts";
import { type DockerHost, dockerHostText, isLocalSocket } from "../../lib/docker/docker-host.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * The host by which a node reaches the stack's caches: the first one, where the node is the Docker host itself, else the first that
 * other machines reach; undefined: there is none.
 */
export function mirrorHost({ hosts, docker }: Pick<Settings, "hosts" | "docker">, node: NodeConnection) {
  return hosts.find((host) => !isLoopback(host) || isDockerHost(node, docker));
}

function isDockerHost(node: NodeConnection, docker: DockerHost): boolean {
  const url = dockerHostText(docker);
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";
  const isHere = isLocalSocket(docker) || isLoopback(host);
  return node.type === "local" ? isHere : !isHere && host === node.host;
}
