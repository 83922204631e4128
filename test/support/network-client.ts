import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CurlOptions } from "./curl.ts";
import { curl } from "./curl.ts";
import type { NodeNetwork } from "./node-network.ts";

/** Somebody at the switch of a {@link NodeNetwork}: reaches the nodes, and is none. */
export interface NetworkClient extends AsyncDisposable {
  /** As {@link curl}, from there. */
  curl: typeof curl;
}

interface Question {
  id: number;
  url: string;
  options: CurlOptions;
}

type Reply = { id: number } & ({ answer: Awaited<ReturnType<typeof curl>> } | { problem: string });

const program = fileURLToPath(import.meta.url);

/** Starts a process in the network that asks for this one: a process can't be in two networks. */
export async function networkClient(network: NodeNetwork): Promise<NetworkClient> {
  const child = spawn(...network.inside(process.execPath, [program]), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  let count = 0;
  child.on("message", (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  child.once("exit", () => {
    for (const [id, answer] of waiting) answer({ id, problem: "the client's process has ended" });
  });
  return {
    async curl(url, options = {}) {
      const { promise, resolve } = Promise.withResolvers<Reply>();
      const id = ++count;
      waiting.set(id, resolve);
      child.send({ id, url, options } satisfies Question);
      const reply = await promise;
      if ("problem" in reply) throw new Error(reply.problem);
      return reply.answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit", { signal: AbortSignal.timeout(30_000) });
      child.kill("SIGKILL");
      await exit;
    },
  };
}

function serve(): void {
  process.on("message", async ({ id, url, options }: Question) => {
    const reply = await curl(url, options).then(
      (answer) => ({ id, answer }),
      (error: Error) => ({ id, problem: error.message }),
    );
    process.send?.(reply);
  });
}

if (process.argv[1] === program) serve();
