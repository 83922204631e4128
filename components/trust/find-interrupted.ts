import { posix } from "node:path";
import type { Node } from "../machines/node.ts";
import type { TrustGoal } from "./trust-goal.ts";
import { isInPlace, wantedFile } from "./trust-goal.ts";
import type { TrustFile, TrustState } from "./trust-state.ts";
import { fingerprintOf } from "./trust-state.ts";

/**
 * What a run that was killed has written to a node: files that are right to the byte, mode and owner, and were
 * written in the last `seconds`, by the node's own clock. Older ones are somebody's, however equal. undefined: there is none.
 */
export async function findInterrupted(
  node: Node,
  goal: TrustGoal,
  seconds: number,
): Promise<Pick<TrustState, "files" | "folders"> | undefined> {
  const files: TrustFile[] = [];
  for (const file of goal.files) {
    const { path } = file;
    const entry = await node.look(path);
    if (entry?.kind !== "file" || !isInPlace(entry, wantedFile(file, node))) continue;
    // The clock counts whole seconds.
    if ((await ageOf(node, path)) > seconds + 1) continue;
    const written = fingerprintOf(entry);
    files.push({ path, written, found: written });
  }
  if (files.length === 0) return undefined;
  // They go only when they are empty, as those that a create finds in use.
  const roots = goal.roots.filter((root) => files.some(({ path }) => path.startsWith(`${root}/`)));
  const folders = [...roots, ...files.map(({ path }) => posix.dirname(path))];
  return { files, folders: [...new Set(folders)] };
}

/** Seconds since a file was last written. */
async function ageOf(node: Node, path: string): Promise<number> {
  const script = 'echo $(($(date +%s) - $(stat -c %Y "$1")))';
  const { exitCode, stdout, stderr } = await node.run(["sh", "-c", script, "sh", path]);
  if (exitCode !== 0) throw new Error(`${path}: how old it is can't be told: ${stderr.trim()}`);
  return Number(stdout);
}
