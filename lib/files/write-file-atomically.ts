import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Replaces a file so that at any moment, a crash included, the old or the new content is there whole: write
 * beside it, fsync, rename, fsync the folder.
 * @param content a text, or its pieces.
 * @param mode of the new file; by default only the owner can read it.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Iterable<string>,
  mode = 0o600,
): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    const file = await open(draft, "w", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes sure that what was made, renamed or removed in a folder outlives a crash of the machine. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes what crashed writers left; only for who holds the lock of the file. */
export async function removeDrafts(path: string): Promise<void> {
  const names = await readdir(dirname(path));
  const drafts = names.filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(".draft"));
  await Promise.all(drafts.map((name) => rm(join(dirname(path), name), { force: true })));
}
