import { posix } from "node:path";
import { type Node, type NodeFile, temporaryName } from "../machines/node.ts";
import type { GoalFile, TrustGoal } from "./trust-goal.ts";
import { isInPlace, wantedFile } from "./trust-goal.ts";
import type { TrustFile, TrustState } from "./trust-state.ts";
import { fingerprintOf } from "./trust-state.ts";

/**
 * What a run that was killed has written to a node: files that are right to the byte, mode and owner, drafts of files that had not
 * taken their place, and empty folders for them; all made in the last `seconds`, by the node's own clock. Older ones are somebody's,
 * however equal. undefined: there is none.
 */
export async function findInterrupted(
  node: Node,
  goal: TrustGoal,
  seconds: number,
): Promise<Pick<TrustState, "files" | "folders"> | undefined> {
  // The clock counts whole seconds.
  const isNew = async (path: string) => (await ageOf(node, path)) <= seconds + 1;
  const files: TrustFile[] = [];
  const begun: string[] = [];
  for (const file of goal.files) {
    const written = (await finished(node, file)) ?? (await draftOf(node, file));
    const folder = posix.dirname(file.path);
    if (written && (await isNew(written.path))) files.push(written);
    else if (!written && (await isEmpty(node, folder)) && (await isNew(folder))) begun.push(folder);
  }
  if (files.length + begun.length === 0) return undefined;
  const own = [...files.map(({ path }) => posix.dirname(path)), ...begun];
  // They go only when they are empty, as those that a create finds in use.
  const roots = goal.roots.filter((root) => own.some((folder) => folder.startsWith(`${root}/`)));
  return { files, folders: [...new Set([...roots, ...own])] };
}

async function finished(node: Node, file: GoalFile): Promise<TrustFile | undefined> {
  const entry = await node.look(file.path);
  return entry?.kind === "file" && isInPlace(entry, wantedFile(file, node)) ? record(file.path, entry) : undefined;
}

/** A file that was being written. Its name is the kit's alone, so it may be half of one. */
async function draftOf(node: Node, { path }: GoalFile): Promise<TrustFile | undefined> {
  const draft = temporaryName(path);
  const entry = await node.look(draft);
  return entry?.kind === "file" ? record(draft, entry) : undefined;
}

function record(path: string, entry: NodeFile): TrustFile {
  const written = fingerprintOf(entry);
  return { path, written, found: written };
}

async function isEmpty(node: Node, folder: string): Promise<boolean> {
  return (await node.look(folder))?.kind === "folder" && (await node.list(folder)).length === 0;
}

/** Seconds since a file was last written. */
async function ageOf(node: Node, path: string): Promise<number> {
  const script = 'echo $(($(date +%s) - $(stat -c %Y "$1")))';
  const { exitCode, stdout, stderr } = await node.run(["sh", "-c", script, "sh", path]);
  if (exitCode !== 0) throw new Error(`${path}: how old it is can't be told: ${stderr.trim()}`);
  return Number(stdout);
}
