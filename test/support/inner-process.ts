import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";

/** The first process in the namespace of processes that `unshare --fork` made, by its number out here. */
export async function innerProcess({ pid }: ChildProcess): Promise<number> {
  return Number((await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ")[0]);
}
