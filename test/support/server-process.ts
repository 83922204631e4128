import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { execa } from "execa";
import { poll } from "./poll.ts";

export interface ServerProcessOptions {
  /** The whole environment. */
  env: Record<string, string>;
  /** A URL that answers 2xx or 4xx as soon as the server is ready. */
  url: string;
  /** Before every command that reaches it: `["nsenter", "--net=..."]`. @default none */
  prefix?: string[];
}

/** A server as a process that ends with this one, in whatever way that ends. Ready on return; disposing of it kills it. */
export async function startServerProcess(
  command: string[],
  { env, url, prefix = [] }: ServerProcessOptions,
): Promise<AsyncDisposable> {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...prefix, ...command], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit", { signal: AbortSignal.timeout(30_000) });
    child.kill("SIGKILL");
    await exit;
  };
  const [file = "curl", ...rest] = [...prefix, "curl", "--silent", "--insecure", "--noproxy", "*", url];
  try {
    const answers = async () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
      return (await execa(file, rest, { reject: false, timeout: 5_000 })).failed ? undefined : true;
    };
    // Azurite loads thousands of files, which takes its time on a busy machine.
    await poll(`the server at ${url} answers`, answers, { deadline: 90_000 });
    return { [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A port of an address of this machine that nobody listens on at the moment. */
export async function freePortOn(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
