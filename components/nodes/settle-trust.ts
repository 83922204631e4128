import { dirname } from "node:path";
import type { NodeFiles } from "./node-files.ts";
import type { TrustGoal } from "./trust-goal.ts";
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
 * Brings a node from what was recorded to the goal: writes what is missing, then takes away what is not wanted
 * any more. What fails does not keep the rest from being done. Files that a refusal protects
 * (`refusals`) must have been ruled out before. No paths in the goal: everything goes.
 */
export async function settleTrust(
  node: NodeFiles,
  goal: TrustGoal,
  old: TrustState,
  warn: (message: string) => void,
): Promise<Settled> {
  const failures: string[] = [];
  const attempt = async <Result>(path: string, work: () => Promise<Result>, otherwise: Result): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      failures.push(`${path}: ${error instanceof Error ? error.message : String(error)}.`);
      return otherwise;
    }
  };

  const folders = await attempt(goal.certsDirectory, () => removableFromTheStart(node, goal, old), [...old.folders]);
  const files: TrustFile[] = [];
  for (const path of goal.paths) {
    const record = old.files.find((file) => file.path === path);
    const settled = await attempt(path, () => settleFile(node, path, goal, record, folders), record);
    if (settled) files.push(settled);
  }
  for (const record of old.files.filter((file) => !goal.paths.includes(file.path))) {
    const kept = await attempt(record.path, () => releaseFile(node, record, warn), record);
    if (kept) files.push(kept);
  }
  const kept: string[] = [];
  for (const folder of folders.toReversed()) {
    if (!(await attempt(folder, () => node.removeEmptyFolder(folder), false))) kept.unshift(folder);
  }
  return { state: { files, folders: kept }, failures };
}

/**
 * A certs.d that others of the kit had made and filled before this resource came is removed by whichever is the
 * last to go. One that was there and empty is somebody's and stays.
 */
async function removableFromTheStart(node: NodeFiles, goal: TrustGoal, old: TrustState): Promise<string[]> {
  const isFirst = old.files.length === 0 && old.folders.length === 0 && goal.paths.length > 0;
  if (!isFirst || !(await node.look(goal.certsDirectory))) return [...old.folders];
  return (await node.list(goal.certsDirectory)).length > 0 ? [goal.certsDirectory] : [];
}

async function settleFile(
  node: NodeFiles,
  path: string,
  goal: TrustGoal,
  record: TrustFile | undefined,
  folders: string[],
): Promise<TrustFile> {
  const entry = await node.look(path);
  const wanted = wantedFile(goal, node);
  const inPlace = entry?.kind === "file" && isInPlace(entry, wanted);
  if (!inPlace) {
    await makeFolders(node, dirname(path), folders);
    await node.write(path, wanted);
  }
  const now = fingerprintOf(inPlace ? entry : wanted);
  const settled: TrustFile = { path, written: now, found: now };
  // A file that someone removed since is not owed to anyone any more.
  if (entry?.kind !== "file") return settled;
  const isOurs = record && [record.written.sha256, record.found?.sha256].includes(fingerprintOf(entry).sha256);
  const { content, mode, owner } = entry;
  const previous = isOurs ? record.previous : { content, mode, owner };
  return previous ? { ...settled, previous } : settled;
}

/** Makes a folder and those above it that are missing, and notes each that it made. */
async function makeFolders(node: NodeFiles, folder: string, made: string[]): Promise<void> {
  if (await node.look(folder)) return;
  if (dirname(folder) !== folder) await makeFolders(node, dirname(folder), made);
  if (await node.makeFolder(folder)) made.push(folder);
}

/** Takes a file away or puts back what was there before; returns nothing: there is nothing left to look after. */
async function releaseFile(node: NodeFiles, record: TrustFile, warn: (message: string) => void): Promise<undefined> {
  const entry = await node.look(record.path);
  const { previous, written } = record;
  if (!entry) return;
  if (entry.kind !== "file" || fingerprintOf(entry).sha256 !== written.sha256) {
    const isBack = entry.kind === "file" && entry.content === previous?.content;
    if (!isBack) warn(`${record.path} was changed by someone else since: it is left as it is.`);
  } else if (!previous) {
    await node.remove(record.path);
  } else if (!sameFile(entry, previous)) {
    await node.write(record.path, previous);
  }
}

function sameFile(a: { content: string; mode: string; owner: string }, b: typeof a): boolean {
  return a.content === b.content && a.mode === b.mode && a.owner === b.owner;
}

/** The records with what is on the node now; undefined: nothing of it is left. */
export async function lookAtTrust(node: NodeFiles, state: TrustState): Promise<TrustState | undefined> {
  const files = await Promise.all(state.files.map(async (file) => withFound(file, await node.look(file.path))));
  const folders = await Promise.all(state.folders.map((folder) => node.look(folder)));
  const isGone = files.every((file) => !file.found) && folders.every((folder) => !folder);
  return isGone ? undefined : { files, folders: state.folders };
}
