import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { syncFolder } from "../../lib/files/write-file-atomically.ts";

const holderSchema = z.object({
  pid: z.number(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** The right to change a stack: a file in the stack's lock folder, the same that the Pulumi CLI writes. */
export interface StateLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a stack. A lock whose holder was a process of this host that is gone is taken over.
 * @param folder `.pulumi/locks/organization/<project>/<stack>`.
 * @param isUnfinished asked at the release: the lock of a run whose journal is not in the state yet stays, for the Pulumi CLI to see.
 * @throws where another run holds it; the message says who.
 */
export async function acquireLock(
  folder: string,
  warn: (message: string) => void,
  isUnfinished = () => false,
): Promise<StateLock> {
  const own = join(folder, `${randomUUID()}.json`);
  await refuseHolders(folder, own, warn);
  await mkdir(folder, { recursive: true });
  const holder: Holder = {
    pid: process.pid,
    username: userInfo().username,
    hostname: hostname(),
    timestamp: new Date().toISOString(),
  };
  await writeFile(own, JSON.stringify(holder), { mode: 0o600, flush: true });
  await syncFolder(folder);
  const releaseAtExit = () => {
    if (!isUnfinished()) rmSync(own, { force: true });
  };
  process.on("exit", releaseAtExit);
  const release = async () => {
    process.off("exit", releaseAtExit);
    if (isUnfinished()) return;
    await rm(own, { force: true });
    // Leaves no empty folders behind; another run's lock keeps them.
    for (const path of [folder, dirname(folder)]) await rmdir(path).catch(() => {});
  };
  try {
    // Of two runs that start together both see the other one and both give way: better than both going on.
    await refuseHolders(folder, own, warn);
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

async function refuseHolders(folder: string, own: string, warn: (message: string) => void): Promise<void> {
  const files = existsSync(folder) ? await readdir(folder) : [];
  const holders: string[] = [];
  for (const file of files.map((name) => join(folder, name))) {
    if (file === own || !file.endsWith(".json")) continue;
    const holder = await readHolder(file);
    if (holder === "gone") continue;
    if (holder && holder.hostname === hostname() && !isAlive(holder.pid)) {
      warn(`Took over the lock of process ${holder.pid}, which ended at some time after ${holder.timestamp}.`);
      await rm(file, { force: true });
    } else {
      holders.push(`${file}: ${describe(holder)}`);
    }
  }
  if (holders.length > 0)
    throw new Error(
      `The stack is locked by another run. Wait for it to end; if it died on another host, delete the file.\n  ${holders.join("\n  ")}`,
    );
}

async function readHolder(file: string): Promise<Holder | "gone" | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : undefined;
  }
}

function describe(holder: Holder | undefined): string {
  if (!holder) return "by whom cannot be read";
  return `held by ${holder.username}@${holder.hostname} (pid ${holder.pid}) since ${holder.timestamp}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  return !isZombie(pid);
}

/** Has ended, but its parent has not looked yet: in a container without an init that may take a while. */
function isZombie(pid: number): boolean {
  try {
    // "<pid> (<command>) <state> ...", where the command may hold anything.
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
