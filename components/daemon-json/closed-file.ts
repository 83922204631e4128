import { posix } from "node:path";
import { quoted } from "../../lib/processes/shell-word.ts";
import { isLoopback } from "../machines/is-loopback.ts";
import type { Node } from "../machines/node.ts";
import type { DaemonEntries } from "./daemon-file.ts";
import {
  daemonFileProblem,
  daemonKeys,
  entriesIn,
  entryKinds,
  noEntries,
  withEntries,
  without,
} from "./daemon-file.ts";
import { ledgerPath } from "./ledger.ts";
import type { DaemonPlace } from "./running-daemon.ts";
import { defaultDaemonFile, findDaemon } from "./running-daemon.ts";

/** What this user can't do to a daemon.json of this machine. */
export interface Closed {
  lacking: string[];
  /** Whether the registry serves without: Docker Hub answers where a mirror on this machine is not asked. */
  dispensable: boolean;
  /** One sentence or two, with the commands that do it. */
  message: string;
}

/**
 * For `withNode`: whether this user's rights do not suffice for the file. Entries that are there already need none.
 * @param former what this resource has in the file. Default: nothing
 */
export function needsRoot({ file, rootless }: DaemonPlace, wanted: DaemonEntries, former: DaemonEntries = noEntries) {
  return async (node: Node): Promise<boolean> => {
    const usual = file === defaultDaemonFile && rootless;
    if (usual || !(await node.writeObstacle(posix.dirname(file)))) return false;
    const isForRemoval =
      entryKinds.every((kind) => wanted[kind].length === 0) ||
      entryKinds.some((kind) => without(former[kind], wanted[kind]).length > 0);
    return isForRemoval || (await lackingEntries(node, file, wanted)) !== undefined;
  };
}

/** Why entries can't be added; undefined: they can. Without `lacking` others have added them. */
export async function closedFile(node: Node, place: DaemonPlace, wanted: DaemonEntries): Promise<Closed | undefined> {
  const { file } = place;
  const obstacle = await node.writeObstacle(posix.dirname(file));
  if (!obstacle) return undefined;
  const lacking = await lackingEntries(node, file, wanted);
  if (!lacking) return { lacking: [], dispensable: true, message: "" };
  const all = entryKinds.flatMap((kind) => lacking[kind]);
  const dispensable = lacking.insecureRegistries.length === 0 && lacking.registryMirrors.every(isOnLoopback);
  const how = await commandToAdd(node, place, lacking);
  const message = dispensable
    ? `left out: ${all.join(", ")} in ${file}. Docker pulls without this mirror, and this user can't write there. To add it: ${how}`
    : `can't be written by this user (${obstacle}), and sudo asks for a password. ` +
      `Run this, then the same command again: ${how}`;
  return { lacking: all, dispensable, message };
}

/** Why entries can't be taken out; undefined: they can, or are gone. */
export async function stuckEntries(
  node: Node,
  place: DaemonPlace,
  entries: DaemonEntries,
): Promise<Closed | undefined> {
  const { file } = place;
  if (!(await node.writeObstacle(posix.dirname(file)))) return undefined;
  const entry = await node.look(file);
  const present = entriesIn(entry?.kind === "file" ? entry.content : undefined);
  const left = entryKinds.flatMap((kind) =>
    entries[kind].filter((each) => without([each], present[kind]).length === 0),
  );
  const dispensable = entries.insecureRegistries.length === 0 && entries.registryMirrors.every(isOnLoopback);
  const how = `take ${left.join(", ")} out of ${file}, then run: ${await reloadCommand(node, place)}; sudo rm -f ${quoted(ledgerPath(file))}`;
  const message = `Only root can change ${file}. To clear it by hand, ${how}`;
  return { lacking: left, dispensable: dispensable || left.length === 0, message };
}

/** What the file has not; undefined: it has all of it. */
async function lackingEntries(node: Node, file: string, wanted: DaemonEntries): Promise<DaemonEntries | undefined> {
  const entry = await node.look(file).catch(() => undefined);
  const isReadable = entry?.kind === "file" && !daemonFileProblem(file, entry);
  const present = entriesIn(isReadable ? entry.content : undefined);
  const lacking = {
    insecureRegistries: without(wanted.insecureRegistries, present.insecureRegistries),
    registryMirrors: without(wanted.registryMirrors, present.registryMirrors),
  };
  return entryKinds.some((kind) => lacking[kind].length > 0) ? lacking : undefined;
}

/** Other settings of the file may be secrets, so only a file that is missing is written out. */
async function commandToAdd(node: Node, place: DaemonPlace, lacking: DaemonEntries): Promise<string> {
  const { file } = place;
  const reload = await reloadCommand(node, place);
  if ((await node.look(file).catch(() => "unseen")) === undefined) {
    const text = (withEntries(undefined, lacking) ?? "{}").replace(/\s*\n\s*/g, " ").trim();
    return `printf '%s\\n' ${quoted(text)} | sudo install -D -m 0644 /dev/stdin ${quoted(file)} && ${reload}`;
  }
  const parts = entryKinds
    .filter((kind) => lacking[kind].length > 0)
    .map((kind) => `${lacking[kind].map((each) => JSON.stringify(each)).join(", ")} to "${daemonKeys[kind].key}"`);
  return `add ${parts.join(" and ")} in ${file}, then: ${reload}`;
}

async function reloadCommand(node: Node, place: DaemonPlace): Promise<string> {
  const daemon = await findDaemon(node, place).catch(() => undefined);
  return daemon ? `sudo kill -HUP ${daemon.pid}` : "sudo systemctl reload docker";
}

function isOnLoopback(mirror: string): boolean {
  return isLoopback(new URL(mirror).hostname.replace(/^\[|\]$/g, ""));
}
