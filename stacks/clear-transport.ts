import { dockerHostText } from "../components/docker-host/docker-host.ts";
import { isLoopback } from "../components/nodes/is-loopback.ts";
import type { Problem } from "../components/validation/describe-issues.ts";
import type { Settings } from "./settings.ts";

/**
 * Refuses a Docker host over TCP without TLS, however it is named: the server's key, the users and all rights of root on that
 * machine would cross the network in clear (CIS Docker Benchmark 2.7). A loopback address leaves this machine at most through
 * something that brings a protection of its own, such as an ssh tunnel; {@link clearTransportWarning} speaks of it.
 */
export function clearTransportProblem({ docker }: Pick<Settings, "docker">): Problem | undefined {
  const address = clearAddress(docker);
  if (!address || address.isLocal || docker.insecure === "i-understand") return undefined;
  const source = docker.url ? "docker.url" : "DOCKER_HOST";
  const reason = `is not set, and ${source} is ${address.text}, without TLS: the server's key and the users would cross the network in clear, and whoever reaches that port is root there. Use ssh://, name the folder of a client certificate in docker.certPath, or set docker.insecure to i-understand.`;
  return { path: "docker.insecure", reason };
}

/** What to know of a Docker host on a TCP port of this machine. */
export function clearTransportWarning({ docker }: Pick<Settings, "docker">): string | undefined {
  const address = clearAddress(docker);
  if (!address?.isLocal || docker.insecure === "i-understand") return undefined;
  return `The Docker host is ${address.text}, without TLS: every user and every program of this machine that reaches the port is root there. Use a unix socket, or set docker.insecure to i-understand.`;
}

function clearAddress(docker: Settings["docker"]): { text: string; isLocal: boolean } | undefined {
  const text = dockerHostText(docker);
  if (!/^(tcp|http):/i.test(text) || docker.certPath || process.env.DOCKER_CERT_PATH) return undefined;
  const url = text.replace(/^tcp:/i, "http:");
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : "";
  return { text, isLocal: host !== "" && isLoopback(host) };
}
