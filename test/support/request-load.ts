import { setTimeout as pause } from "node:timers/promises";

export interface LoadResult {
  sent: number;
  /** What went wrong, in order: the status, or the error. */
  failures: string[];
  /** The longest time without any success that a client met, from the last one before failures to the next; milliseconds. */
  gap: number;
}

interface Sample {
  begun: number;
  ended: number;
  failure: string | undefined;
}

/** Sends a request at a steady rate, whatever becomes of the ones before, until it is stopped. */
export class RequestLoad {
  private readonly samples: Promise<Sample>[] = [];
  private readonly stop = new AbortController();
  private readonly sending: Promise<void>;

  /** @param request ends with the HTTP status; anything but 200 is a failure, and so is an error. */
  constructor(perSecond: number, request: () => Promise<number>) {
    this.sending = this.send(1000 / perSecond, request);
  }

  async end(): Promise<LoadResult> {
    this.stop.abort();
    await this.sending;
    const samples = await Promise.all(this.samples);
    const failures = samples.flatMap(({ failure }) => failure ?? []);
    return { sent: samples.length, failures, gap: longestGap(samples) };
  }

  private async send(interval: number, request: () => Promise<number>): Promise<void> {
    for (let next = performance.now(); !this.stop.signal.aborted; next += interval) {
      await pause(Math.max(0, next - performance.now()));
      this.samples.push(sample(request));
    }
  }
}

async function sample(request: () => Promise<number>): Promise<Sample> {
  const begun = performance.now();
  const failure = await request().then(
    (status) => (status === 200 ? undefined : `HTTP ${status}`),
    (error: Error) => error.message,
  );
  return { begun, ended: performance.now(), failure };
}

function longestGap(samples: Sample[]): number {
  const successes = samples
    .filter(({ failure }) => failure === undefined)
    .map(({ ended }) => ended)
    .sort((a, b) => a - b);
  const gaps = samples
    .filter(({ failure }) => failure !== undefined)
    .map(({ begun }) => {
      const before = successes.findLast((time) => time <= begun) ?? begun;
      const after = successes.find((time) => time > begun) ?? Number.POSITIVE_INFINITY;
      return after - before;
    });
  return Math.round(Math.max(0, ...gaps));
}
