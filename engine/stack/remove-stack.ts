import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { removeDrafts } from "../../lib/files/write-file-atomically.ts";
import { openStack, type StackOptions } from "./open-stack.ts";

/**
 * Forgets a stack that has been destroyed: its state, the copies of it, and what the Pulumi CLI keeps of its history. The
 * settings file stays. Without such a stack there is nothing to do.
 * @throws where it still has resources, or another run holds its lock. Nothing was removed then.
 */
export async function removeStack(options: StackOptions, warn: (message: string) => void): Promise<void> {
  const { file } = await openStack(options);
  const { stateFile } = file.paths;
  const lock = await file.lock(warn);
  try {
    await file.merge();
    // Read again: another run may have ended in between.
    const { encrypted, name, project } = await openStack(options);
    const count = (encrypted?.resources?.length ?? 0) + (encrypted?.pending_operations?.length ?? 0);
    if (count > 0) throw new Error(`The stack "${name}" still has ${count} resources: destroy it first.`);
    const root = dirname(dirname(dirname(stateFile)));
    const histories = ["history", "backups"].map((kind) => join(root, kind, project.name, name));
    if (file.exists) await removeDrafts(stateFile);
    for (const path of [...histories, ...["", ".attrs", ".bak", ".bak.attrs"].map((ending) => stateFile + ending)]) {
      await rm(path, { recursive: true, force: true });
    }
  } finally {
    await lock.release();
  }
}
