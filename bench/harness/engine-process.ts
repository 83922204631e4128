import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { EngineContext } from "../../scripts/engines/engine.ts";
import type { Bench } from "./bench.ts";

export type EngineOperation = "preview" | "up" | "refresh" | "destroy" | "outputs";

export interface EngineRequest {
  context: EngineContext;
  wanted: Bench["engine"];
  operation: EngineOperation;
}

export interface EngineAnswer {
  code: number;
  outputs?: Record<string, unknown> | undefined;
}

/** What the process of the operation took; with the Pulumi CLI, which is another process, that says nothing of the engine. */
export interface EngineCost {
  /** Milliseconds of a processor that its main thread took: what it does itself, and not while others have the processor. */
  busy: number;
  /** The most memory it had at once, MiB. */
  peakMemory: number;
}

export type EngineReply = "ready" | (EngineAnswer & EngineCost);

export interface EngineRun extends EngineCost {
  milliseconds: number;
  outputs: Record<string, unknown>;
}

const program = fileURLToPath(new URL("./engine-worker.ts", import.meta.url));

/**
 * Runs one operation of the engine in a new process, as a command of the kit does. The time is that of the operation
 * alone: the process and the choice of the engine are ready before the clock starts.
 *
 * @throws with what the engine printed, where it fails
 */
export async function runEngine(request: EngineRequest): Promise<EngineRun> {
  // Without the compile cache that this command has set: as if "pulumi" had been typed, for both sides of a ratio.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  // In a process group of its own: Ctrl-C on the terminal does not reach it, and a step under way ends well.
  const child = fork(program, { stdio: ["ignore", "pipe", "pipe", "ipc"], detached: true, env });
  const printed = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : "")));
  try {
    child.send(request);
    await reply(child);
    const start = performance.now();
    child.send("go");
    const answer = await reply(child);
    const milliseconds = performance.now() - start;
    if (answer === "ready" || answer.code !== 0) throw new Error("it did not end well");
    return { milliseconds, outputs: answer.outputs ?? {}, busy: answer.busy, peakMemory: answer.peakMemory };
  } catch (error) {
    child.kill();
    const lines = (await printed).join("").trim();
    throw new Error(`${request.operation} of ${request.context.project}: ${(error as Error).message}\n${lines}`);
  }
}

async function reply(child: ChildProcess): Promise<EngineReply> {
  const ended = once(child, "exit").then(([code, signal]) => {
    throw new Error(`its process ended early (${code ?? signal})`);
  });
  ended.catch(() => {});
  const [message] = await Promise.race([once(child, "message"), ended]);
  return message as EngineReply;
}
