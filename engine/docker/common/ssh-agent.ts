import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";

/**
 * An HTTP agent whose connections are `ssh <host> docker system dial-stdio`, as those of the Docker CLI are: the
 * user's own ssh configuration, keys, agent and known hosts apply.
 * @param host `ssh://[user@]host[:port]`
 * @param options further arguments for ssh, for example `-i`, `key`.
 */
export function sshAgent(host: string, options: string[]): Agent {
  const { username, hostname, port } = new URL(host);
  const args = [
    ...options,
    ...(username ? ["-l", decodeURIComponent(username)] : []),
    ...(port ? ["-p", port] : []),
    "--",
    hostname,
    "docker",
    "system",
    "dial-stdio",
  ];
  const agent = new Agent({ keepAlive: false });
  agent.createConnection = () => connect(hostname, args);
  return agent;
}

function connect(hostname: string, args: string[]): Duplex {
  const child = spawn("ssh", args, { stdio: ["pipe", "pipe", "pipe"] });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-500);
  });
  child.on("error", (error) => stream.destroy(error));
  child.on("exit", (code) => {
    if (code !== 0 && code !== null) {
      stream.destroy(new Error(`ssh ${hostname} ended with exit code ${code}: ${said.trim()}`));
    }
  });
  stream.on("close", () => child.kill());
  // What http asks of a socket and a pipe has not.
  return Object.assign(stream, { setKeepAlive: () => stream, setNoDelay: () => stream, setTimeout: () => stream });
}
