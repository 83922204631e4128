import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { constants } from "node:fs";
import { access, chmod, chown, lstat, mkdir, open, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname } from "node:path";
import type { Node, NodeEntry, NodeFile } from "./node.ts";
import { largestFile, temporaryName } from "./node.ts";
import { makeSafe, unsafeFolder } from "./safe-folder.ts";

/** This machine, with the rights of this process. */
export const localNode: Node = {
  home: homedir(),
  get owner() {
    const user = process.geteuid?.() ?? 0;
    return `${user}:${user === 0 ? 0 : process.getegid?.()}`;
  },
  async look(path) {
    const stats = await unlessMissing(lstat(path));
    return stats && entryOf(path, stats);
  },
  list: (folder) => readdir(folder),
  write,
  async remove(path) {
    await guard(path);
    await rm(path, { force: true });
    await rm(temporaryName(path), { force: true });
  },
  async makeFolder(path) {
    await guard(path);
    try {
      await mkdir(path);
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
    await chown(path, ...idsOf(localNode.owner));
    await chmod(path, 0o755);
    return true;
  },
  async removeEmptyFolder(path) {
    try {
      await unlessMissing(rmdir(path));
      return true;
    } catch (error) {
      // Not empty (POSIX allows two codes), a mount point, or in a folder of another user.
      if (["ENOTEMPTY", "EEXIST", "EBUSY", "EACCES", "EPERM"].includes(codeOf(error) ?? "")) return false;
      throw error;
    }
  },
  async writeObstacle(folder) {
    try {
      await access(folder, constants.W_OK | constants.X_OK);
      return isRoot() ? await unsafeFolder(folder) : undefined;
    } catch (error) {
      if (codeOf(error) === "ENOENT" && dirname(folder) !== folder) return this.writeObstacle(dirname(folder));
      return error instanceof Error ? error.message : String(error);
    }
  },
  async run([program = "", ...arguments_], timeoutSeconds = 60) {
    const { execa } = await import("execa");
    const options = {
      reject: false,
      stdin: "ignore",
      timeout: timeoutSeconds * 1000,
      stripFinalNewline: false,
    } as const;
    const { exitCode, code, stdout, stderr, shortMessage } = await execa(program, arguments_, options);
    if (exitCode !== undefined) return { exitCode, stdout, stderr };
    return { exitCode: code === "ENOENT" ? 127 : 126, stdout, stderr: stderr || (shortMessage ?? "") };
  },
};

async function entryOf(path: string, stats: Stats): Promise<NodeEntry> {
  if (stats.isDirectory()) return { kind: "folder" };
  if (stats.isSymbolicLink()) return { kind: "other", description: "a symbolic link" };
  if (!stats.isFile()) return { kind: "other", description: "a device, pipe or socket" };
  if (stats.size > largestFile) return { kind: "other", description: "larger than 1 MiB" };
  const content = await readFile(path);
  if (!isUtf8(content)) return { kind: "other", description: "not a text file" };
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, "0");
  return { kind: "file", content: content.toString("utf8"), mode, owner: `${stats.uid}:${stats.gid}` };
}

/** dockerd reads only *.crt, so never the temporary file. */
async function write(path: string, { content, mode, owner }: NodeFile): Promise<void> {
  await guard(path);
  const temporary = temporaryName(path);
  await rm(temporary, { force: true });
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.chown(...idsOf(owner));
      await file.chmod(Number.parseInt(mode, 8));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** @throws where root must not write */
async function guard(path: string): Promise<void> {
  if (isRoot()) await makeSafe(dirname(path));
}

function idsOf(owner: string): [number, number] {
  const [uid = 0, gid = 0] = owner.split(":").map(Number);
  return [uid, gid];
}

async function unlessMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
