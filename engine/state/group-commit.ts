/**
 * Saves on behalf of many at once: a caller that asks while a save is running shares the next one. So the number of
 * saves follows the speed of the disk and not the number of steps, and a stack of n resources that are made in
 * parallel does not cost n writes of a file of size n.
 */
export class GroupCommit {
  readonly #save: () => Promise<void>;
  #next: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(save: () => Promise<void>) {
    this.#save = save;
  }

  /** Resolves when a save that began after this call has ended; rejects where it failed. */
  commit(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => {}) // the callers that waited for that one have been told
      .then(() => new Promise((resolve) => setImmediate(resolve))) // let all that is ready join
      .then(() => {
        this.#next = undefined;
        return this.#save();
      });
    this.#running = this.#next;
    return this.#next;
  }
}
