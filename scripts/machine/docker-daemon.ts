import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { execa } from "execa";
import { findProgram } from "./find-program.ts";
import type { Report } from "./prerequisite.ts";
import { processIdentity } from "./process-identity.ts";
import { within } from "./within.ts";

/** The Docker daemon that the kit started, as recorded in `.state/docker/daemon.json`. */
interface StartedDaemon {
  pid: number;
  /** {@link processIdentity}: a process id alone may belong to another process by now. */
  identity: string;
}

export interface DaemonOptions {
  /** A client for the socket that the daemon will listen at. */
  docker: Docker;
  /** `<project>/.state`: the daemon's log and record are kept in `docker/` below. */
  stateDirectory: string;
  /** Further arguments of dockerd; its own configuration file is read as always. */
  arguments?: readonly string[];
  /** Where the daemon keeps images; overlay file systems are tried there. @default "/var/lib/docker" */
  dataRoot?: string;
  /** How long the daemon may take until it answers. @default 60 */
  timeoutSeconds?: number;
}

/**
 * Starts dockerd in the background, for machines without systemd, and waits until it answers.
 * It goes on when this process ends; {@link stopDockerDaemon} stops it.
 *
 * @returns what is unusual about it, in a few words: the storage driver, where overlay file systems are refused.
 * @throws with the end of its log where it dies or does not answer in time
 */
export async function startDockerDaemon(options: DaemonOptions): Promise<string> {
  const { docker, stateDirectory, dataRoot = "/var/lib/docker", timeoutSeconds = 60 } = options;
  const folder = join(stateDirectory, "docker");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, "dockerd.log");
  let daemon = readRecord(stateDirectory);
  let remark = "";
  if (!daemon || !isRunning(daemon)) {
    const vfs = !namesStorageDriver() && !(await canMountOverlay(dataRoot));
    if (vfs) remark = "storage driver vfs: overlay file systems are refused here";
    daemon = launch([...(vfs ? ["--storage-driver=vfs"] : []), ...(options.arguments ?? [])], log);
    await writeFile(recordFile(stateDirectory), JSON.stringify(daemon), { mode: 0o600 });
  }
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < deadline) {
    if (!isRunning(daemon)) {
      rmSync(recordFile(stateDirectory), { force: true });
      throw new Error(`The Docker daemon ended while it started. The end of ${log}:\n${tail(log)}`);
    }
    const answer = await within(5, docker.ping()).catch(() => undefined);
    if (answer) return remark;
    await delay(100);
  }
  throw new Error(
    `The Docker daemon (process ${daemon.pid}) did not answer within ${timeoutSeconds} s. The end of ${log}:\n${tail(log)}`,
  );
}

/**
 * Stops the Docker daemon that {@link startDockerDaemon} started, and no other process: containers stop with it,
 * images and volumes stay.
 *
 * @returns whether there was one to stop
 * @throws where it does not end within the time given
 */
export async function stopDockerDaemon(
  report: Report,
  options: { stateDirectory: string; timeoutSeconds?: number },
): Promise<boolean> {
  const { stateDirectory, timeoutSeconds = 60 } = options;
  const daemon = readRecord(stateDirectory);
  if (!daemon || !isRunning(daemon)) {
    rmSync(recordFile(stateDirectory), { force: true });
    report("Docker engine: none was started by this project, nothing to stop");
    return false;
  }
  process.kill(daemon.pid, "SIGTERM");
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (isRunning(daemon)) {
    if (Date.now() > deadline) {
      throw new Error(
        `The Docker daemon (process ${daemon.pid}) was asked to end ${timeoutSeconds} s ago and still runs.`,
      );
    }
    await delay(100);
  }
  rmSync(recordFile(stateDirectory), { force: true });
  report(`Docker engine: stopped (process ${daemon.pid}); images and volumes are kept`);
  return true;
}

function launch(parameters: readonly string[], log: string): StartedDaemon {
  const dockerd = findProgram("dockerd", systemFolders);
  if (!dockerd) throw new Error("dockerd is not installed.");
  const output = openSync(log, "w", 0o600);
  // dockerd looks for iptables, containerd and runc on PATH; sudo and cron leave the system folders out.
  const PATH = [process.env.PATH, ...systemFolders].join(":");
  const child = spawn(dockerd, parameters, {
    cwd: "/",
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, PATH },
  });
  closeSync(output);
  child.unref();
  // A program that can't be started has no id; the event must have a listener.
  child.on("error", () => {});
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
  if (child.pid === undefined || identity === undefined) throw new Error(`${dockerd} can't be started.`);
  return { pid: child.pid, identity };
}

export const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** dockerd refuses to start when a setting is given twice: in its configuration file and as an argument. */
function namesStorageDriver(): boolean {
  const file = "/etc/docker/daemon.json";
  return existsSync(file) && readFileSync(file, "utf8").includes('"storage-driver"');
}

/** In containers, on network file systems and some kernels overlay mounts fail, and newer engines don't fall back by themselves. */
async function canMountOverlay(dataRoot: string): Promise<boolean> {
  const trial = join(dataRoot, `overlay-trial-${process.pid}`);
  const [lower, upper, work, merged] = ["lower", "upper", "work", "merged"].map((name) => join(trial, name));
  try {
    for (const folder of [lower, upper, work, merged]) mkdirSync(folder as string, { recursive: true, mode: 0o700 });
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    const mount = await execa("mount", ["-t", "overlay", "overlay", "-o", options, merged as string], {
      reject: false,
    });
    if (mount.failed) return false;
    await execa("umount", [merged as string]);
    return true;
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

function isRunning(daemon: StartedDaemon): boolean {
  return processIdentity(daemon.pid) === daemon.identity;
}

function recordFile(stateDirectory: string): string {
  return join(stateDirectory, "docker", "daemon.json");
}

function readRecord(stateDirectory: string): StartedDaemon | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(stateDirectory), "utf8")) as StartedDaemon;
  } catch {
    return undefined;
  }
}

function tail(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-12).join("\n");
}
