import { isLoopback } from "../../components/machines/is-loopback.ts";
import { dockerHostText } from "../../lib/docker/docker-host.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * Refuses a Docker host over TCP without TLS, however it is named: the server's key, the users and all rights of root on that
 * machine would cross the network in plain text (CIS Docker Benchmark 2.7). On a loopback address nothing crosses a network, but every
 * local user is root through that port.
 */
export function clearTransportProblem({ docker }: Pick<Settings, "docker">): Problem | undefined {
  const address = clearAddress(docker);
  if (!address || docker.insecure === "i-understand") return undefined;
  const source = docker.url ? "docker.url" : "DOCKER_HOST";
  const [danger, instead] = address.isLocal
    ? ["every user and every program of this machine that reaches the port is root there", "a unix socket or ssh://"]
    : [
        "the server's key and the users would cross the network in plain text, and anyone who reaches that port is root there",
        "ssh://",
      ];
  const reason = `is not set, and ${source} is ${address.text}, without TLS: ${danger}. Use ${instead}, name the folder of a client certificate in docker.certPath, or set docker.insecure to i-understand.`;
  return { path: "docker.insecure", reason };
}

function clearAddress(docker: Settings["docker"]): { text: string; isLocal: boolean } | undefined {
  const text = dockerHostText(docker);
  if (!/^(tcp|http):/i.test(text) || docker.certPath || process.env.DOCKER_CERT_PATH) return undefined;
  const url = text.replace(/^tcp:/i, "http:");
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : "";
  return { text, isLocal: host !== "" && isLoopback(host) };
}
