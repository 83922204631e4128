import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";

/**
 * A process in new namespaces (`flags` of unshare). It runs `prepare`, and when a line comes in on its standard
 * input, `run`; without `run` it waits for its end.
 *
 * The namespaces belong to the process and have no names, and it is killed when this process ends in whatever way:
 * interfaces, mounts and processes in them go with it.
 */
export async function startNamespace(flags: string[], prepare: string, run = ":"): Promise<ChildProcess> {
  // The line comes back only from inside: before that, the process is still in the namespaces of this one.
  const script = `set -e\n${prepare}\necho ready\nread -r _\n${run}`;
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "unshare", ...flags, "sh", "-c", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const signal = AbortSignal.timeout(30_000);
  const ended = once(child, "exit", { signal }).then(() => {
    throw new Error(`The namespace's process ended with ${child.exitCode ?? child.signalCode} at its start.`);
  });
  try {
    await Promise.race([once(child.stdout, "data", { signal }), ended]);
  } catch (error) {
    await stopNamespace(child);
    throw error;
  } finally {
    ended.catch(() => {});
  }
  return child;
}

/** Runs a shell script in the network of a namespace. */
export async function enter(namespace: ChildProcess, script: string): Promise<void> {
  await execa("nsenter", [`--net=/proc/${namespace.pid}/ns/net`, "sh", "-ec", script], { timeout: 30_000 });
}

/** Kills the process, and with it all that is in its namespaces. */
export async function stopNamespace(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit", { signal: AbortSignal.timeout(30_000) });
  child.kill("SIGKILL");
  await exit;
}

/** Asks again and again until it is so; after the time (in ms) it throws and names what never came. */
export async function pollUntil(what: string, time: number, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + time;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Not in ${time / 1000} s: ${what}.`);
    await pause(50);
  }
}
