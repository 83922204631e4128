import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ReachableRegistry } from "./registry-client.ts";

/** How a load asks for `GET /v2/` with a user's password, over and over. */
export interface LoadOptions extends ReachableRegistry {
  /** Clients, each with one request under way at most. */
  clients: number;
  /** Milliseconds from the start of a client's request to that of its next one; 0: as fast as the registry answers. */
  interval: number;
  /** One connection a client, or a new one each time. */
  keepAlive: boolean;
  /** Milliseconds after which a request without an answer has failed. */
  timeout: number;
}

/** One request. Times are in milliseconds on a clock of the load's own. */
export interface Answer {
  start: number;
  end: number;
  /** Why it is not an answer of 200; undefined: it is one. */
  problem?: string;
}

export interface Load {
  /** Ends the load when the requests under way have ended. */
  stop(): Promise<Answer[]>;
  /** Ends it at once. */
  terminate(): Promise<unknown>;
}

/** Starts a load in a thread of its own, so that what this one does meanwhile does not slow it down. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const worker = new Worker(new URL("./load-worker.ts", import.meta.url), { workerData: options });
  await once(worker, "online");
  return {
    async stop() {
      const answers = once(worker, "message");
      worker.postMessage("stop");
      return (await answers)[0] as Answer[];
    },
    terminate: () => worker.terminate(),
  };
}
