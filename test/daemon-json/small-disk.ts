import { execa } from "execa";
import { temporaryFolder } from "../support/temporary-folder.ts";

/**
 * A file system of its own that holds a given number of files and folders, its root included; a write beyond
 * that ends with ENOSPC. Needs root's rights.
 */
export async function smallDisk(
  entries: number,
): Promise<AsyncDisposable & { path: string; grow(entries: number): Promise<void> }> {
  const { path, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  await execa("mount", ["-t", "tmpfs", "-o", `nr_inodes=${entries},mode=0755`, "tmpfs", path]);
  return {
    path,
    grow: async (more) => void (await execa("mount", ["-o", `remount,nr_inodes=${more}`, path])),
    async [Symbol.asyncDispose]() {
      await execa("umount", [path]);
      await removeFolder();
    },
  };
}

/** Why there can't be one here; undefined: there can. */
export async function smallDiskObstacle(): Promise<string | undefined> {
  const { failed } = await execa("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], { reject: false });
  return failed ? "no right to mount a file system" : undefined;
}
