import { posix } from "node:path";
import { ConnectionLost } from "../machines/connection-lost.ts";
import type { Node, NodeFile } from "../machines/node.ts";
import type { DaemonEntries } from "./daemon-file.ts";
import {
  byteOrderMark,
  daemonFileProblem,
  describeChange,
  entriesIn,
  entryKinds,
  noEntries,
  withEmptyLists,
  withEntries,
  without,
} from "./daemon-file.ts";
import type { Ledger } from "./ledger.ts";
import { allEntries, changeOwner, fileWithoutKit, readLedger, writeLedger } from "./ledger.ts";
import { replaceObstacle } from "./replace-obstacle.ts";
import type { DaemonPlace, RunningDaemon } from "./running-daemon.ts";
import { findDaemon, flagConflicts, notLive, reload, validationProblem } from "./running-daemon.ts";

/** What one resource wants of a daemon.json, and what it had there. */
export interface DaemonRequest {
  /** The resource; the same at every run. */
  owner: string;
  /** What it was called when it added what it had. */
  formerOwner: string;
  former: DaemonEntries;
  wanted: DaemonEntries;
}

/** What would be done to a daemon.json. */
export interface DaemonPlan {
  current: NodeFile | undefined;
  /** Undefined: there must be no file. */
  next: NodeFile | undefined;
  ledger: Ledger;
  formerLedger: Ledger | undefined;
  daemon: RunningDaemon | undefined;
  /** Why it must not be done. */
  problems: string[];
  /** The change of the file as lines of a diff; empty: it stays as it is. */
  diff: string[];
}

/** Looks at a node and says what would be done. Nothing is changed. @throws where it can't be looked at or written to */
export async function planDaemon(node: Node, place: DaemonPlace, request: DaemonRequest): Promise<DaemonPlan> {
  const { file } = place;
  const entry = await node.look(file);
  const obstacle = await node.writeObstacle(posix.dirname(file));
  if (obstacle) throw new Error(`${obstacle}. Root's rights are needed, or rootless for a user's own daemon.`);
  const problem = daemonFileProblem(file, entry);
  const current = entry?.kind === "file" && !problem ? fileOf(entry) : undefined;
  const formerLedger = await readLedger(node, file);
  const known = formerLedger ?? lostLedger(request, current);
  const before = fileWithoutKit(known, current);
  const changed = changeOwner(known, request);
  const content = withEntries(before?.content, allEntries(changed));
  const next = content === undefined ? undefined : { ...(before ?? newFile(node)), content };
  const { before: _, written: __, ...rest } = changed;
  const ledger = { ...rest, ...(before ? { before } : {}), ...(next ? { written: next.content } : {}) };
  const daemon = await findDaemon(node, place, current?.content);
  const isChanged = content !== current?.content;
  const inTheWay = isChanged ? await replaceObstacle(node, file) : undefined;
  const conflicts = daemon && isChanged ? flagConflicts(daemon, content) : [];
  const problems = problem ? [problem] : [...(inTheWay ? [inTheWay] : []), ...conflicts];
  if (isChanged && current?.content.startsWith(byteOrderMark) && !(await takesByteOrderMark(node, file))) {
    problems.push(`${file} begins with a byte order mark, which dockerd refuses before 23.0. Save it without one.`);
  }
  const diff = describeChange(current?.content, content);
  return { current, next, ledger, formerLedger, daemon, problems, diff };
}

/** Does what was planned: note, file, reload, proof. A daemon that does not take it gets its old file back. */
export async function settleDaemon(
  node: Node,
  place: DaemonPlace,
  { former, wanted }: DaemonRequest,
  plan: DaemonPlan,
): Promise<void> {
  const { file } = place;
  const { current, next, daemon } = plan;
  const isChanged = current?.content !== next?.content;
  if (isChanged && next) {
    const problem = await validationProblem(node, file, next.content);
    if (problem) throw new Error(`dockerd --validate refuses what ${file} would be: ${problem}`);
  }
  const isLast = entryKinds.every((kind) => allEntries(plan.ledger)[kind].length === 0);
  await makeFolder(node, file);
  const gone = difference({ all: merged(entriesIn(current?.content), former), kept: entriesIn(next?.content) });
  try {
    await writeLedger(node, file, plan.ledger);
    if (daemon) await change(node, file, plan, daemon, gone);
    else if (!isSame(current, next)) await put(node, file, next);
    if (daemon && !isChanged) {
      const open = await notLive(node, daemon, wanted, gone);
      if (open.length > 0) await reload(node, daemon, wanted, gone);
    }
  } catch (error) {
    if (error instanceof ConnectionLost) throw error;
    throw new Error(`${(error as Error).message} ${await undo(node, file, plan)}`);
  }
  if (isLast) await writeLedger(node, file, undefined);
}

/** Puts file, note and daemon back to what they were. What fails does not keep the rest from being done. @returns how it went, in a sentence */
async function undo(node: Node, file: string, { current, formerLedger, daemon }: DaemonPlan): Promise<string> {
  const failures: string[] = [];
  const attempt = (work: Promise<unknown>) => work.catch((error: Error) => void failures.push(error.message));
  await attempt(writeLedger(node, file, formerLedger));
  const entry = await node.look(file).catch(() => undefined);
  const now = entry?.kind === "file" ? fileOf(entry) : undefined;
  if (!isSame(now, current)) {
    const added = difference({ all: entriesIn(now?.content), kept: entriesIn(current?.content) });
    const back = { current: now, next: current };
    // A list that just went would stay in force: see `withEmptyLists`.
    if (daemon) await attempt(change(node, file, back, daemon, added));
    await attempt(putUnlessSame(node, file, current));
  }
  return failures.length === 0 ? `${file} is again what it was.` : `To be put right by hand: ${failures.join(" ")}`;
}

async function putUnlessSame(node: Node, file: string, wanted: NodeFile | undefined): Promise<void> {
  const entry = await node.look(file);
  if (!isSame(entry?.kind === "file" ? entry : undefined, wanted)) await put(node, file, wanted);
}

async function takesByteOrderMark(node: Node, file: string): Promise<boolean> {
  return (await node.run(["dockerd", "--validate", `--config-file=${file}`])).exitCode === 0;
}

async function change(
  node: Node,
  file: string,
  { current, next }: Pick<DaemonPlan, "current" | "next">,
  daemon: RunningDaemon,
  gone: DaemonEntries,
) {
  const cleared = entryKinds.filter((kind) => gone[kind].length > 0);
  const content = withEmptyLists(next?.content, cleared);
  if (content !== undefined && content !== current?.content) {
    await put(node, file, { ...(next ?? current ?? newFile(node)), content });
    await reload(node, daemon, entriesIn(content), gone);
    if (content === next?.content) return;
  }
  if (!isSame(current, next) || content !== current?.content) await put(node, file, next);
}

function put(node: Node, path: string, file: NodeFile | undefined): Promise<void> {
  return file ? node.write(path, file) : node.remove(path);
}

/** dockerd's own folder may not be there before it was ever configured. */
async function makeFolder(node: Node, file: string): Promise<void> {
  const folder = posix.dirname(file);
  if (!(await node.look(folder))) await node.makeFolder(folder);
}

/** Somebody removed the note: what this resource recorded is all that is known. */
function lostLedger({ formerOwner, former }: DaemonRequest, current: NodeFile | undefined): Ledger {
  const none: Ledger = { version: 1, entries: { insecureRegistries: {}, registryMirrors: {} } };
  const isNew = entryKinds.every((kind) => former[kind].length === 0);
  if (isNew) return { ...none, ...(current ? { before: current, written: current.content } : {}) };
  return changeOwner(none, { owner: formerOwner, formerOwner, former: noEntries, wanted: former });
}

/** CIS Docker Benchmark 3.17 and 3.18. */
function newFile(node: Node): Omit<NodeFile, "content"> {
  return { mode: "0644", owner: node.owner };
}

function isSame(a: NodeFile | undefined, b: NodeFile | undefined): boolean {
  return a?.content === b?.content && a?.mode === b?.mode && a?.owner === b?.owner;
}

function fileOf({ content, mode, owner }: NodeFile): NodeFile {
  return { content, mode, owner };
}

function merged(a: DaemonEntries, b: DaemonEntries): DaemonEntries {
  return {
    insecureRegistries: [...a.insecureRegistries, ...b.insecureRegistries],
    registryMirrors: [...a.registryMirrors, ...b.registryMirrors],
  };
}

function difference({ all, kept }: { all: DaemonEntries; kept: DaemonEntries }): DaemonEntries {
  return {
    insecureRegistries: without(all.insecureRegistries, kept.insecureRegistries),
    registryMirrors: without(all.registryMirrors, kept.registryMirrors),
  };
}
