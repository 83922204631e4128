import { dirname } from "node:path";
import { ConnectionLost } from "../machines/connection-lost.ts";
import type { NodeFile, NodeFiles } from "../machines/node.ts";
import type { GoalFile, TrustGoal } from "./trust-goal.ts";
import { isInPlace, wantedFile } from "./trust-goal.ts";
import type { TrustFile, TrustState } from "./trust-state.ts";
import { fingerprintOf, withFound } from "./trust-state.ts";

export interface Settled {
  /** What is there now, whatever failed. */
  state: TrustState;
  /** One sentence for each file or folder that could not be dealt with. */
  failures: string[];
}

/**
 * Brings a node from what was recorded to the goal: writes what is missing, then removes what is not wanted
 * any more. What fails does not keep the rest from being done. Files that a refusal protects
 * (`refusals`) must have been ruled out before. No files in the goal: everything goes.
 */
export async function settleTrust(
  node: NodeFiles,
  goal: TrustGoal,
  old: TrustState,
  log: (severity: "info" | "warning", message: string) => void,
): Promise<Settled> {
  const failures: string[] = [];
  const fail = (path: string, error: unknown) => {
    failures.push(`${path}: ${error instanceof Error ? error.message : String(error)}.`);
  };
  const attempt = async <Result>(path: string, work: () => Promise<Result>, otherwise: Result): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      fail(path, error);
      return otherwise;
    }
  };

  const folders = await attempt(goal.roots.join(", "), () => removableFromTheStart(node, goal, old), [...old.folders]);
  const files: TrustFile[] = [];
  for (const file of goal.files) {
    const record = old.files.find(({ path }) => path === file.path);
    const write = () => settleFile(node, file, record, folders, (error) => fail(file.path, error));
    const settled = await attempt(file.path, write, record);
    if (settled) files.push(settled);
    if (!record && settled?.previous && settled.previous.content === file.content) {
      log("info", `${file.path} is there already with the same content: it is used, and stays when this is removed.`);
    }
  }
  const isWanted = (path: string) => goal.files.some((file) => file.path === path);
  for (const record of old.files.filter(({ path }) => !isWanted(path))) {
    const kept = await attempt(record.path, () => releaseFile(node, record, log), record);
    if (kept) files.push(kept);
  }
  const kept: string[] = [];
  for (const folder of folders.toReversed()) {
    if (!(await attempt(folder, () => node.removeEmptyFolder(folder), false))) kept.unshift(folder);
  }
  return { state: { ...old, files, folders: kept }, failures };
}

/**
 * A certs.d that others of the kit had made and filled before this resource came is removed by whichever is the
 * last to go. One that was there and empty is somebody's and stays.
 */
async function removableFromTheStart(node: NodeFiles, goal: TrustGoal, old: TrustState): Promise<string[]> {
  const isFirst = old.files.length === 0 && old.folders.length === 0 && goal.files.length > 0;
  const removable = [...old.folders];
  for (const root of isFirst ? goal.roots : []) {
    if ((await node.look(root)) && (await node.list(root)).length > 0) removable.push(root);
  }
  return removable;
}

async function settleFile(
  node: NodeFiles,
  file: GoalFile,
  record: TrustFile | undefined,
  folders: string[],
  fail: (error: unknown) => void,
): Promise<TrustFile> {
  const { path } = file;
  const entry = await node.look(path);
  const wanted = wantedFile(file, node);
  const inPlace = entry?.kind === "file" && isInPlace(entry, wanted);
  const isOurs =
    entry?.kind === "file" &&
    record &&
    [record.written.sha256, record.found?.sha256].includes(fingerprintOf(entry).sha256);
  // A file that someone removed since is not owed to anyone any more.
  const previous = entry?.kind !== "file" ? undefined : isOurs ? record.previous : withoutKind(entry);
  const owed = previous ? { previous } : {};
  if (!inPlace) {
    try {
      await makeFolders(node, dirname(path), folders);
      await node.write(path, wanted);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      // It may be there all the same: recorded as ours and unseen, it is looked at and written again.
      fail(error);
      return { path, written: fingerprintOf(wanted), ...owed };
    }
  }
  const now = fingerprintOf(inPlace ? entry : wanted);
  return { path, written: now, found: now, ...owed };
}

function withoutKind({ content, mode, owner }: NodeFile): NodeFile {
  return { content, mode, owner };
}

/** Makes a folder and those above it that are missing, and notes each that it made. */
async function makeFolders(node: NodeFiles, folder: string, made: string[]): Promise<void> {
  if (await node.look(folder)) return;
  if (dirname(folder) !== folder) await makeFolders(node, dirname(folder), made);
  const isMade = await node.makeFolder(folder).catch((error: unknown) => {
    // Maybe it is: an empty one goes in the end.
    if (error instanceof ConnectionLost) made.push(folder);
    throw error;
  });
  if (isMade) made.push(folder);
}

/** Removes a file or restores what was there before; returns nothing: there is nothing left to look after. */
async function releaseFile(
  node: NodeFiles,
  record: TrustFile,
  log: (severity: "warning", message: string) => void,
): Promise<undefined> {
  const entry = await node.look(record.path);
  const { previous, written } = record;
  if (!entry) return;
  if (entry.kind !== "file" || fingerprintOf(entry).sha256 !== written.sha256) {
    const isBack = entry.kind === "file" && entry.content === previous?.content;
    if (!isBack) log("warning", `${record.path} was changed by someone else since: it is left as it is.`);
  } else if (!previous) {
    await node.remove(record.path);
  } else if (!sameFile(entry, previous)) {
    await node.write(record.path, previous);
  }
}

function sameFile(a: { content: string; mode: string; owner: string }, b: typeof a): boolean {
  return a.content === b.content && a.mode === b.mode && a.owner === b.owner;
}

/** The records with what is on the node now; undefined: nothing of it stays. */
export async function lookAtTrust(node: NodeFiles, state: TrustState): Promise<TrustState | undefined> {
  const files = await Promise.all(state.files.map(async (file) => withFound(file, await node.look(file.path))));
  const folders = await Promise.all(state.folders.map((folder) => node.look(folder)));
  const isGone = files.every((file) => !file.found) && folders.every((folder) => !folder) && !state.leftOut;
  return isGone ? undefined : { ...state, files };
}
