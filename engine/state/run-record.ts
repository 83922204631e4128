import type { CheckpointWriter, Deployment } from "./checkpoint.ts";
import type { Changes, Journal } from "./journal.ts";
import type { StackFile } from "./stack-file.ts";

/** What is on disk of a run: nothing, until it changes something; then the state it began with and a journal; at its end the state. */
export class RunRecord {
  readonly #file: StackFile;
  readonly #writer: CheckpointWriter;
  readonly #initial: Deployment;
  #journal: Promise<Journal> | undefined;
  #failed: unknown;

  constructor(file: StackFile, writer: CheckpointWriter, initial: Deployment) {
    this.#file = file;
    this.#writer = writer;
    this.#initial = initial;
  }

  /** Whether anything is on disk. */
  get begun(): boolean {
    return this.#journal !== undefined;
  }

  /** Records what a commit has changed. @throws where it cannot; then nothing more can be recorded before the end. */
  async append(changes: Changes): Promise<void> {
    if (this.#failed) throw this.#failed;
    try {
      this.#journal ??= this.#file.begin((journal) => this.#writer.render(this.#initial, journal));
      await (await this.#journal).append(this.#writer.renderChanges(changes));
    } catch (error) {
      this.#failed = error;
      throw error;
    }
  }

  /** Records what the run has left. */
  async end(deployment: Deployment): Promise<void> {
    const journal = await this.#journal?.catch(() => undefined);
    await this.#file.end(journal, this.#writer.render(deployment));
  }
}
