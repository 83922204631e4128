import { readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";

/**
 * A client for the daemon at `dockerHost` (`unix:///path`, `tcp://host:port`, `ssh://user@host`), or for the one that
 * the environment names. TLS files of tcp hosts come from DOCKER_CERT_PATH, SSH keys from the SSH agent.
 */
export function connectDocker(dockerHost: string | undefined): Docker {
  if (dockerHost === undefined) return new Docker();
  const url = new URL(dockerHost);
  switch (url.protocol) {
    case "unix:":
      return new Docker({ host: undefined, socketPath: url.pathname });
    case "tcp:":
      return new Docker({
        host: url.hostname,
        port: url.port || 2375,
        protocol: process.env.DOCKER_TLS_VERIFY || url.port === "2376" ? "https" : "http",
        ...certificatesFromEnvironment(),
      });
    case "ssh:":
      return new Docker({
        host: url.hostname,
        port: url.port || 22,
        protocol: "ssh",
        ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
        ...(process.env.SSH_AUTH_SOCK ? { sshOptions: { agent: process.env.SSH_AUTH_SOCK } } : {}),
      });
    default:
      throw new TypeError(`Docker host ${dockerHost}: use unix:///path, tcp://host:port or ssh://user@host`);
  }
}

/** dockerode reads DOCKER_CERT_PATH by itself, but only where DOCKER_HOST is set too. */
function certificatesFromEnvironment(): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const folder = process.env.DOCKER_CERT_PATH;
  if (!folder) return {};
  const read = (name: string) => readFileSync(join(folder, name));
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
