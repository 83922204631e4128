import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Everything below a folder, path -> kind, mode, owner and content, to compare with. */
export async function snapshot(folder: string): Promise<Record<string, string>> {
  const paths = (await readdir(folder, { recursive: true })).sort();
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await describeEntry(join(folder, path))] as const)),
  );
}

async function describeEntry(path: string): Promise<string> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return `link ${await readlink(path)}`;
  const attributes = `${(stats.mode & 0o7777).toString(8).padStart(4, "0")} ${stats.uid}:${stats.gid}`;
  return stats.isDirectory() ? `folder ${attributes}` : `file ${attributes} ${await readFile(path, "utf8")}`;
}
