/** At most `limit` tasks at a time; the others wait in line. */
export class Limiter {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();

  constructor(limit: number) {
    this.#free = limit;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const running = task();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Resolves when no task is running. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

/** Many readers or one writer; a waiting writer goes before later readers. */
export class ReadWriteLock {
  #last: Promise<unknown> = Promise.resolve();
  /** Those that read now, without what they answer: in a big stack that is most of the memory. */
  readonly #readers = new Set<Promise<void>>();

  read<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    const reader: Promise<void> = ended(result).finally(() => this.#readers.delete(reader));
    this.#readers.add(reader);
    return result;
  }

  write<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = Promise.all([this.#last, ...this.#readers]).then(task);
    this.#last = ended(result);
    return result;
  }
}

/** Resolves when the promise is settled, without what it answers. */
async function ended(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => {});
}
