import { posix } from "node:path";
import type { Node } from "../machines/node.ts";
import type { DaemonPlace } from "./running-daemon.ts";
import { defaultDaemonFile, otherDaemonFile } from "./running-daemon.ts";

/**
 * The file that the node's daemon reads.
 * @param recorded the file that was changed before; default: the one that the daemon reads now
 */
export async function placeOf(node: Node, { file, rootless }: DaemonPlace, recorded?: string): Promise<DaemonPlace> {
  const isUsual = file === defaultDaemonFile;
  const usual = rootless && isUsual ? posix.join(node.home, ".config/docker/daemon.json") : file;
  if (recorded === file) return { file: usual, rootless };
  return { file: recorded ?? ((isUsual && (await otherDaemonFile(node, rootless))) || usual), rootless };
}
