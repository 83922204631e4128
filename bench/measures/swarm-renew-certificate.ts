import { setTimeout as pause } from "node:timers/promises";
import type { CurlOptions } from "../../test/support/curl.ts";
import type { NetworkClient } from "../../test/support/network-client.ts";
import { failures, longestGap } from "../harness/answers.ts";
import type { Measure } from "../harness/bench.ts";
import { benchSwarmWithBucket, port, serviceSettings } from "../harness/bench-swarm.ts";
import { KitStack } from "../harness/kit-stack.ts";
import type { Answer } from "../harness/load.ts";

/** Milliseconds between two requests: a gap can't be measured finer. */
const interval = 50;
const margin = 1000;

/** What clients notice while two replicas, each on a node's own port, get a new certificate one after the other. */
export const swarmRenewCertificate: Measure = {
  name: "swarm-renew-certificate",
  figures: ["swarm-renew-refused", "swarm-renew-gap", "swarm-renew-failed"],
  async run(bench) {
    const swarm = await benchSwarmWithBucket(bench, ["manager", "worker"]);
    if (!swarm) return [];
    const { nodes, client, storage } = swarm;
    const service = { replicas: 2, placement: { maxPerNode: 1 } };
    const stack = await KitStack.make(bench, serviceSettings(swarm, { storage, service }));
    await stack.project.firstUp();
    const { caCertificate: authority } = (await stack.project.outputs()) as { caCertificate: string };
    const options = { authority, user: `${stack.user.name}:${stack.user.password}`, timeout: 5000 };
    const places = nodes.map(({ address }) => `https://${address}:${port}/v2/`);
    const refused: number[] = [];
    const gaps: number[] = [];
    const retried: number[] = [];
    for (let run = 1; run <= bench.runs; run++) {
      bench.signal.throwIfAborted();
      const stop = new AbortController();
      const ask = (place: string) => answered(client, place, options);
      const loads = [
        ...places.map((place) => steadyLoad(() => ask(place), stop.signal)),
        retryingLoad(places, ask, stop.signal),
      ];
      await pause(margin);
      await stack.set("rotation", { certificate: run + 1 });
      await stack.project.run("up");
      await pause(margin);
      stop.abort();
      const [retrying = [], ...each] = (await Promise.all(loads)).reverse();
      refused.push(Math.max(...each.map((answers) => failures(answers).length * interval)));
      gaps.push(Math.max(...each.map(longestGap)));
      retried.push(failures(retrying).length);
      const sent = retrying.length;
      bench.progress(
        `  run ${run} of ${bench.runs}: refused for ${refused.at(-1)} ms, gap ${gaps.at(-1)?.toFixed(0)} ms, ${retried.at(-1)} of ${sent} failed`,
      );
    }
    return [
      {
        name: "swarm-renew-refused",
        title: `Time in which one node refuses while the certificate of two replicas is renewed, host ports: failed requests x ${interval} ms`,
        unit: "ms",
        subject: { label: "kit", values: refused },
        bound: { kind: "target", atMost: 500 },
      },
      {
        name: "swarm-renew-gap",
        title: "Longest time between two good answers of one node meanwhile",
        unit: "ms",
        subject: { label: "kit", values: gaps },
      },
      {
        name: "swarm-renew-failed",
        title: "Failed requests meanwhile of a client that retries once, on the other node",
        unit: "requests",
        subject: { label: "kit", values: retried },
        bound: { kind: "target", atMost: 0, everyRun: true },
      },
    ];
  },
};

async function answered(client: NetworkClient, place: string, options: CurlOptions): Promise<void> {
  const { status } = await client.curl(place, options);
  if (status !== 200) throw new Error(`status ${status}`);
}

/**
 * A request every 50 ms, whether those before have been answered or not: one that hangs, as its first packet got lost and TCP
 * sends the next one a second later, does not hide that others are answered meanwhile.
 */
async function steadyLoad(ask: () => Promise<void>, signal: AbortSignal): Promise<Answer[]> {
  const asked: Promise<Answer>[] = [];
  while (!signal.aborted) {
    asked.push(answerOf(ask));
    await pause(interval);
  }
  return Promise.all(asked);
}

/** One client that asks one place after the other, and the next one once more where it gets no answer. */
async function retryingLoad(
  places: string[],
  ask: (place: string) => Promise<void>,
  signal: AbortSignal,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const place = (turn: number) => places[turn % places.length] ?? "";
  for (let turn = 0; !signal.aborted; turn++) {
    const answer = await answerOf(() => ask(place(turn)).catch(() => ask(place(turn + 1))));
    answers.push(answer);
    await pause(Math.max(0, answer.start + interval - performance.now()));
  }
  return answers;
}

async function answerOf(ask: () => Promise<void>): Promise<Answer> {
  const start = performance.now();
  const problem = await ask().then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { start, end: performance.now(), ...(problem === undefined ? {} : { problem }) };
}
