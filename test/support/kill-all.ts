import { readdirSync, readFileSync } from "node:fs";
import type { ProjectCopy } from "./project-copy.ts";

/** Kills the commands of a copy and all that they started, as a machine does that goes down: the Pulumi CLI is in a group of its own. */
export function killAll(copy: ProjectCopy): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name) && name !== `${process.pid}`)) {
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, "utf8").includes(copy.folder);
      if (isOurs) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}
