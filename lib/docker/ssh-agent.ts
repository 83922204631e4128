import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdirSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { sha256 } from "../files/sha256.ts";

/** Seconds for which the shared connection stays open without a user. */
const idle = 30;
/** How many requests go through it at once; sshd allows 10 sessions (MaxSessions), and ssh makes connections of their own for the others. */
const atOnce = 8;
/** The longest path of a socket, less what ssh adds while it makes one; source: unix(7) and OpenSSH's mux.c. */
const longestPath = 108 - 20;

/**
 * An HTTP agent whose connections are `ssh <host> docker system dial-stdio`, as those of the Docker CLI are: the
 * user's own ssh configuration, keys, agent and known hosts apply. All of them go through one connection, which ssh
 * itself shares (ControlMaster); with own options about that, or on Windows, each has its own.
 * @param host `ssh://[user@]host[:port]`
 * @param options further arguments for ssh, for example `-i`, `key`.
 */
export function sshAgent(host: string, options: string[]): Agent {
  const { username, hostname, port } = new URL(host);
  const login = [
    ...options,
    ...(username ? ["-l", decodeURIComponent(username)] : []),
    ...(port ? ["-p", port] : []),
    "--",
    hostname,
  ];
  const socket = options.some((option) => /control(master|path)|^-[MS]/i.test(option)) ? undefined : controlPath(login);
  const shared = socket === undefined ? [] : ["-o", `ControlPath=${socket}`];
  let ready: Promise<void> | undefined;
  const agent = new Agent({ keepAlive: false, maxSockets: atOnce });
  agent.createConnection = (_, done) => {
    ready ??= shared.length > 0 ? openShared(shared, login) : Promise.resolve();
    const args = [...shared, ...(socket === undefined ? [] : ["-o", "ControlMaster=no"]), ...login];
    ready.then(() => done?.(null, connect(hostname, [...args, "docker", "system", "dial-stdio"])));
    return undefined;
  };
  return agent;
}

/** A name in a folder of this user alone; undefined: there can be none, and every request connects by itself. */
function controlPath(login: string[]): string | undefined {
  const user = process.getuid?.();
  const folder = join(tmpdir(), `registry-kit-ssh-${user}`);
  // ssh's own %C leaves the options out: a connection with another key is another one.
  const path = join(folder, sha256(JSON.stringify(login)).slice(0, 32));
  if (user === undefined || path.length > longestPath) return undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    return uid === user && (mode & 0o170777) === 0o040700 ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the shared connection, unless it is open. Where that fails, the first request says why. */
async function openShared(shared: string[], login: string[]): Promise<void> {
  // -f: it goes to the background once it is open, and ends by itself.
  const args = ["-f", "-N", ...shared, "-o", "ControlMaster=auto", "-o", `ControlPersist=${idle}`, ...login];
  await once(spawn("ssh", args, { stdio: "ignore" }), "exit").catch(() => {});
}

function connect(hostname: string, args: string[]): Duplex {
  const child = spawn("ssh", args, { stdio: ["pipe", "pipe", "pipe"] });
  const stream = new Duplex({
    read: () => void child.stdout.resume(),
    // Where ssh has ended, the reason follows when it is known.
    write: (chunk: Buffer, _, done) => void child.stdin.write(chunk, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  let said = "";
  child.stdin.on("error", () => {});
  child.stdout.on("data", (chunk: Buffer) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-500);
  });
  child.on("error", (error) => stream.destroy(error));
  // Not the end of its output, which comes first: then "socket hang up" would be all that is heard.
  child.on("close", (code) => {
    if (code === 0 || code === null) stream.push(null);
    else stream.destroy(new Error(`ssh ${hostname}: ${said.trim() || `ended with exit code ${code}`}`));
  });
  // What http asks of a socket and a pipe has not.
  return Object.assign(stream, { setKeepAlive: () => stream, setNoDelay: () => stream, setTimeout: () => stream });
}
