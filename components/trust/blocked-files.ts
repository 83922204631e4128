import { dirname, posix } from "node:path";
import { quoted } from "../../lib/processes/shell-word.ts";
import type { Problems } from "../../lib/provider/resource-definition.ts";
import { isLoopback } from "../machines/is-loopback.ts";
import type { Node } from "../machines/node.ts";
import type { NodeConnection } from "../machines/node-connection.ts";
import { grantCommand } from "../machines/root/grant-command.ts";
import type { GoalFile, TrustGoal } from "./trust-goal.ts";
import { isInPlace, wantedFile } from "./trust-goal.ts";
import type { TrustFile } from "./trust-state.ts";

/** What of a resource's inputs decides whether a file may be left out. */
export interface Place {
  connection: NodeConnection;
  certsDirectory?: string;
  rootless?: boolean;
}

export interface BlockedFile {
  file: GoalFile;
  /** Why it can't be written. */
  obstacle: string;
}

/**
 * The files that have to be written and can't be. Those that Docker does without are `leftOut`. A preview without root's rights is fine
 * when all is in place.
 */
export async function blockedFiles(
  node: Node,
  { files }: Pick<TrustGoal, "files">,
  place: Place,
): Promise<{ blocked: BlockedFile[]; leftOut: string[] }> {
  const all: BlockedFile[] = [];
  for (const file of files) {
    const obstacle = await writeObstacle(node, file);
    if (obstacle) all.push({ file, obstacle });
  }
  return {
    blocked: all.filter(({ file }) => !isDispensable(file.path, place)),
    leftOut: all.flatMap(({ file }) => (isDispensable(file.path, place) ? [file.path] : [])),
  };
}

/** For `withNode`: whether this user's rights do not suffice for the files of a goal, and for those that go. */
export function needsRoot({ rootless = false }: Place, files: readonly GoalFile[], former: readonly TrustFile[]) {
  return async (node: Node): Promise<boolean> => {
    if (rootless) return false;
    for (const file of files) if (await writeObstacle(node, file)) return true;
    for (const { path } of former) if (await removeObstacle(node, path)) return true;
    return false;
  };
}

/**
 * Parts the recorded files that are to go and can't be removed from the rest.
 * @returns `stuck`: what to say of them. @throws where they matter, with the command that removes them
 */
export async function splitStuck(
  node: Node,
  { files }: Pick<TrustGoal, "files">,
  former: readonly TrustFile[],
  place: Place,
): Promise<{ stuck: string | undefined; rest: TrustFile[] }> {
  // Root's own failures name their reason.
  if (place.connection.type !== "local" || process.geteuid?.() === 0) return { stuck: undefined, rest: [...former] };
  const stuck: string[] = [];
  for (const { path } of former) {
    const goes = !files.some((file) => file.path === path);
    if (goes && (await removeObstacle(node, path))) stuck.push(path);
  }
  if (stuck.length === 0) return { stuck: undefined, rest: [...former] };
  const what = `${stuck.join(", ")} can be removed only by root`;
  const how = `sudo rm ${stuck.map(quoted).join(" ")}`;
  if (!stuck.every((path) => isDispensable(path, place))) throw new Error(`${what}. Run this, then try again: ${how}`);
  const rest = former.filter(({ path }) => !stuck.includes(path));
  return { stuck: `${what}, and Docker does not use it for a loopback host: left. To remove it: ${how}`, rest };
}

/** One line: what is left out, why that is fine, and how to add it. */
export function leftOutMessage(paths: readonly string[]): string {
  return (
    `left out: ${paths.join(", ")}. Docker needs no certificate for loopback hosts, and this user can't write there. ` +
    `To add it, run this, then "up" again: ${grantCommand(paths.map((path) => dirname(path)))}`
  );
}

/** Why a preview on this machine fails, and the command after which it does not. */
export function rightsProblem(blocked: readonly BlockedFile[]): Problems[number] {
  const obstacles = [...new Set(blocked.map(({ obstacle }) => obstacle))].join("; ");
  const folders = blocked.map(({ file }) => dirname(file.path));
  const reason =
    `can't be written by this user (${obstacles}), and sudo asks for a password. ` +
    `Run this, then the same command again: ${grantCommand(folders)}`;
  return { property: "certsDirectory", reason };
}

/** dockerd verifies no certificate in 127.0.0.0/8; other clients do. */
function isDispensable(path: string, { connection, certsDirectory = "/", rootless = false }: Place): boolean {
  if (connection.type !== "local" || rootless || !path.startsWith(`${certsDirectory}/`)) return false;
  const host = posix
    .basename(dirname(path))
    .replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");
  return isLoopback(host);
}

async function writeObstacle(node: Node, file: GoalFile): Promise<string | undefined> {
  const { path, content } = file;
  const entry = content === undefined ? undefined : await node.look(path).catch(() => undefined);
  return isInPlace(entry, wantedFile(file, node)) ? undefined : node.writeObstacle(dirname(path));
}

async function removeObstacle(node: Node, path: string): Promise<string | undefined> {
  const entry = await node.look(path).catch(() => "unseen");
  return entry === undefined ? undefined : node.writeObstacle(dirname(path));
}
