import { Agent, request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { Answer, LoadOptions } from "./load.ts";

const { port, authority, user, clients, interval, keepAlive, timeout } = workerData as LoadOptions;
const agent = new Agent({ keepAlive, maxSockets: clients, ...(authority ? { ca: authority } : {}) });
// With a new connection each time, each is a full handshake, as that of a new client.
if (!keepAlive) agent.options.maxCachedSessions = 0;
const answers: Answer[] = [];
let stopping = false;
parentPort?.once("message", () => {
  stopping = true;
});

const begin = performance.now();
await Promise.all(Array.from({ length: clients }, (_, number) => client(begin + (number * interval) / clients)));
agent.destroy();
parentPort?.postMessage(answers);

async function client(first: number): Promise<void> {
  for (let next = first; !stopping; next = Math.max(next + interval, performance.now())) {
    const wait = next - performance.now();
    if (wait > 0) await pause(wait);
    const start = performance.now();
    const problem = await ask();
    answers.push({ start, end: performance.now(), ...(problem === undefined ? {} : { problem }) });
    // A registry that refuses connections must not keep this loop, and a processor, busy.
    if (problem !== undefined) await pause(2);
  }
}

function ask(): Promise<string | undefined> {
  const auth = `${user.name}:${user.password}`;
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port, path: "/v2/", auth, agent, signal: AbortSignal.timeout(timeout) });
    asked.once("error", (error) => resolve(error.message));
    asked.once("response", (response) => {
      response.once("error", (error) => resolve(error.message));
      response.once("end", () => resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode}`));
      response.resume();
    });
    asked.end();
  });
}
