import { existsSync } from "node:fs";
import { access, constants, copyFile, mkdir, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { StackPaths } from "./backend.ts";
import type { EncryptedDeployment } from "./checkpoint.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { removeDrafts, writeFileAtomically } from "./write-file-atomically.ts";

/** The checkpoint file of a stack on disk. */
export class StackFile {
  readonly paths: StackPaths;
  #backedUp = false;

  constructor(paths: StackPaths) {
    this.paths = paths;
  }

  get exists(): boolean {
    return existsSync(this.paths.stateFile);
  }

  /** @throws where there is a file that this engine must not write over. */
  async read(): Promise<{ text: string; deployment: EncryptedDeployment | undefined } | undefined> {
    const { stateFile, metaFile } = this.paths;
    for (const ending of [".gz", ".zst"])
      if (existsSync(stateFile + ending))
        throw new Error(
          `State ${stateFile}${ending} is compressed; this engine reads plain JSON only. Go on with the Pulumi CLI, or have it ` +
            "written plain: unset PULUMI_DIY_BACKEND_GZIP and run any update with the CLI. Nothing was changed.",
        );
    if (existsSync(metaFile)) {
      const version = /version:\s*(\d+)/.exec(await readFile(metaFile, "utf8"))?.[1];
      if (version !== "1")
        throw new Error(`${metaFile} names layout version ${version}, this engine knows 1. Use the Pulumi CLI.`);
    }
    if (!this.exists) return undefined;
    const text = await readFile(stateFile, "utf8");
    return { text, deployment: parseCheckpoint(text, stateFile) };
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

  /** Removes what killed runs left half written. Only for who holds the lock: it may be what another run is writing. */
  async removeDrafts(): Promise<void> {
    await removeDrafts(this.paths.stateFile);
  }

  /** Writes the checkpoint; the first time in a run, what was there before is kept beside it as `.bak`. */
  async write(text: string): Promise<void> {
    const { stateFile } = this.paths;
    if (!this.#backedUp && this.exists) {
      await copyFile(stateFile, `${stateFile}.bak.draft`);
      await rename(`${stateFile}.bak.draft`, `${stateFile}.bak`);
    }
    this.#backedUp = true;
    await writeFileAtomically(stateFile, text);
  }
}
