import { randomUUID } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../../lib/files/write-file-atomically.ts";
import type { PendingOperation, ResourceState } from "./resource-state.ts";

/**
 * What a run has changed in a state, by place, the newest only. `o3`: the fourth resource of the state that the run began with.
 * `n0`: the first resource that the run has registered. `p0`: a pending operation, those of the state first. Undefined: it is gone.
 */
export type Changes = Map<string, ResourceState | PendingOperation | undefined>;

/** What begins the name of the feature by which a state says that the journal beside it belongs to it. */
const mark = "unfinished-run:";

/**
 * The journal of a run: a file beside the state with one line for each commit, so that a step costs the same in a small and in a
 * big stack. The first line has the id, each of the others is one JSON object: {@link Changes}, each resource as the state has it.
 * The state that the changes apply to names the id as a feature of its own, so that the Pulumi CLI refuses to read it as it is.
 */
export class Journal {
  readonly id: string;
  readonly #file: FileHandle;

  private constructor(id: string, file: FileHandle) {
    this.id = id;
    this.#file = file;
  }

  /** @param path of the journal; what is there is over. */
  static async create(path: string): Promise<Journal> {
    const id = randomUUID();
    const journal = new Journal(id, await open(path, "w", 0o600));
    await journal.append(JSON.stringify({ journal: id, version: 1 }));
    await syncFolder(dirname(path));
    return journal;
  }

  /** The feature with which the state names this journal. */
  get feature(): string {
    return mark + this.id;
  }

  /** On disk when the promise resolves, a crash of the machine included. After a failure there must be no other line. */
  async append(line: string): Promise<void> {
    await this.#file.appendFile(`${line}\n`);
    await this.#file.datasync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** The id of the journal that the features of a state name. */
export function journalOf(features: string[] | undefined): string | undefined {
  return features?.find((feature) => feature.startsWith(mark))?.slice(mark.length);
}
