import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { removeControlGroups } from "./control-groups.ts";
import { removeStackObjects } from "./remove-stack-objects.ts";

/** What tests leave when nobody cleans up after them. */
export interface Estate {
  folders: string[];
  /** What a stack makes on the machine's Docker engine. */
  stack?: { name: string; ports: number[] };
  /** What the names of control groups begin with. */
  controlGroups?: string;
}

/** A process that outlives this one, however it ends, and then removes what is left. */
export interface Reaper {
  /** What there is now, in place of what was told before. */
  tell(estate: Estate): void;
  /** All is removed already. */
  dismiss(): void;
}

/** Commands that were running may still make something for a while. */
const lateWork = 20_000;

export function startReaper(): Reaper {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.unref();
  const say = (estate: Estate | null) => child.stdin.write(`${JSON.stringify(estate)}\n`);
  return {
    tell: say,
    dismiss() {
      say(null);
      child.stdin.end();
    },
  };
}

async function waitAndRemove(): Promise<void> {
  let estate: Estate | null = null;
  // It ends with the last process that holds the other end.
  for await (const line of createInterface(process.stdin)) estate = JSON.parse(line) as Estate | null;
  if (!estate) return;
  for (const wait of [0, lateWork]) {
    await pause(wait);
    await remove(estate).catch(() => {});
  }
}

async function remove({ folders, stack, controlGroups }: Estate): Promise<void> {
  if (stack) removeStackObjects(stack.name, stack.ports);
  if (controlGroups) await removeControlGroups(controlGroups).catch(() => {});
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await waitAndRemove();
