import { existsSync } from "node:fs";
import { access, constants, copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { removeDrafts, writeFileAtomically } from "../../lib/files/write-file-atomically.ts";
import type { StackPaths } from "./backend.ts";
import { type Checkpoint, parseCheckpoint, renderCheckpoint } from "./checkpoint.ts";
import { Journal } from "./journal.ts";
import { replayJournal } from "./replay-journal.ts";
import { acquireLock, type StateLock } from "./state-lock.ts";

/** The checkpoint file of a stack on disk. */
export class StackFile {
  readonly paths: StackPaths;

  constructor(paths: StackPaths) {
    this.paths = paths;
  }

  get exists(): boolean {
    return existsSync(this.paths.stateFile);
  }

  /** @throws where there is a file that this engine must not write over. */
  async read(): Promise<Checkpoint | undefined> {
    const { stateFile, metaFile } = this.paths;
    for (const ending of [".gz", ".zst"])
      if (existsSync(stateFile + ending))
        throw new Error(
          `State ${stateFile}${ending} is compressed; this engine reads plain JSON only. Continue with the Pulumi CLI, or have it ` +
            "written plain: unset PULUMI_DIY_BACKEND_GZIP and run any update with the CLI. Nothing was changed.",
        );
    if (existsSync(metaFile)) {
      const version = /version:\s*(\d+)/.exec(await readFile(metaFile, "utf8"))?.[1];
      if (version !== "1")
        throw new Error(`${metaFile} names layout version ${version}, this engine knows 1. Use the Pulumi CLI.`);
    }
    return this.exists ? this.#readWhole() : undefined;
  }

  /** The state with what the journal beside it says, where its run was killed or has not ended yet. */
  async #readWhole(): Promise<Checkpoint> {
    const { stateFile, journalFile } = this.paths;
    let text = await readFile(stateFile, "utf8");
    for (;;) {
      const checkpoint = parseCheckpoint(text, stateFile);
      const { latest, journal } = checkpoint;
      if (!latest || !journal) return checkpoint;
      const lines = await readFile(journalFile, "utf8").catch(() => undefined);
      const now = await readFile(stateFile, "utf8");
      if (now === text) return { ...checkpoint, latest: replayJournal(latest, journal, lines, journalFile) };
      text = now; // its run has ended in between
    }
  }

  /** Makes the folders, and fails early where nothing could be saved later. */
  async prepare(): Promise<void> {
    const { stateFile, metaFile } = this.paths;
    const folder = dirname(stateFile);
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
      if (!existsSync(metaFile)) await writeFileAtomically(metaFile, "version: 1\n");
    } catch (error) {
      throw new Error(`State cannot be written to ${folder}: ${(error as Error).message}. Nothing was done.`);
    }
  }

  /** @throws where another run holds the lock. */
  lock(warn: (message: string) => void): Promise<StateLock> {
    return acquireLock(this.paths.lockFolder, warn, () => this.isUnfinished);
  }

  /** Removes what killed runs left half written. Only for who holds the lock: it may be what another run is writing. */
  async removeDrafts(): Promise<void> {
    await removeDrafts(this.paths.stateFile);
  }

  /** Whether a run was killed, or goes on: the Pulumi CLI must not read the state as it is. */
  get isUnfinished(): boolean {
    return existsSync(this.paths.journalFile);
  }

  /** Puts what the journal of a killed run says into the state. Only for who holds the lock. */
  async merge(): Promise<void> {
    if (!this.isUnfinished) return;
    const checkpoint = await this.read();
    // A state that names no journal is that of a run which was killed as it began, or as it ended; or an import took its place.
    if (checkpoint?.journal) await writeFileAtomically(this.paths.stateFile, renderCheckpoint(checkpoint));
    await rm(this.paths.journalFile);
  }

  /**
   * Begins to record a run: the state that it begins with, kept beside it as `.bak`, and an empty journal.
   * @param state renders the state with the feature that names the journal.
   */
  async begin(state: (journal: string) => Iterable<string>): Promise<Journal> {
    const { stateFile, journalFile } = this.paths;
    await this.#backUp();
    const journal = await Journal.create(journalFile);
    await writeFileAtomically(stateFile, state(journal.feature));
    return journal;
  }

  /** Writes the state that a run has ended with. */
  async end(journal: Journal | undefined, state: Iterable<string>): Promise<void> {
    if (!journal) await this.#backUp();
    await writeFileAtomically(this.paths.stateFile, state);
    await journal?.close();
    await rm(this.paths.journalFile, { force: true });
  }

  /** Keeps what is there as `.bak`. */
  async #backUp(): Promise<void> {
    const { stateFile } = this.paths;
    if (!this.exists) return;
    await copyFile(stateFile, `${stateFile}.bak.draft`);
    await rename(`${stateFile}.bak.draft`, `${stateFile}.bak`);
  }
}
