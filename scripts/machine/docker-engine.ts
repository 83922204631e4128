import { existsSync, readFileSync } from "node:fs";
import type Docker from "dockerode";
import { execa } from "execa";
import { typed } from "../../lib/start-up/typed.ts";
import { canInstallPackages, findPackages, installPackages, osRelease, updatePackageLists } from "./apt.ts";
import { dockerCommands } from "./docker-commands.ts";
import { startDockerDaemon, systemFolders } from "./docker-daemon.ts";
import { findProgram } from "./find-program.ts";
import type { PrerequisiteOptions, Report } from "./prerequisite.ts";
import { within } from "./within.ts";

export interface DockerEngineOptions extends PrerequisiteOptions {
  /** The Docker host of the stack: `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host`. */
  host: string;
  /** A client for that host. */
  docker: Docker;
  /** `<project>/.state`: holds the log and the record of a daemon that is started in the background. */
  stateDirectory: string;
}

export interface DockerEngine {
  /** `20.10.24+dfsg1` */
  version: string;
  /** The engine's architecture in Go's terms: `amd64`, `arm64`. */
  architecture: string;
}

const localSockets = ["unix:///var/run/docker.sock", "unix:///run/docker.sock"];

/**
 * Makes sure that the Docker host of the stack answers. Where it is this machine's and there is none, it is installed
 * (as root on Debian and Ubuntu) and started: by systemd, else in the background until `down --docker`.
 *
 * @throws where that can't be done here: with what was found and the commands to type
 */
export async function ensureDockerEngine(report: Report, options: DockerEngineOptions): Promise<DockerEngine> {
  const { host } = options;
  const found = await ask(options.docker);
  if (!("problem" in found)) {
    report(`Docker engine: ${found.version} at ${host}`, "detail");
    return found;
  }
  if (!localSockets.includes(host)) throw new Error(explain(host, found));
  if (found.code === "EACCES") {
    throw new Error(
      `Docker engine: this user cannot use ${host}. Type: sudo usermod -aG docker "$USER", then log in again.`,
    );
  }
  if (found.code !== "ENOENT" && found.code !== "ECONNREFUSED") throw new Error(explain(host, found));

  const installed = findProgram("dockerd", systemFolders) !== undefined;
  const root = process.getuid?.() === 0;
  if (!options.install || process.platform !== "linux" || !root || !(installed || canInstallPackages())) {
    const family = [osRelease("ID"), ...osRelease("ID_LIKE").split(" ")];
    const machine = { platform: process.platform, family, root, systemd: hasSystemd(), installed };
    const state = installed ? "installed, but not running" : "not installed";
    throw new Error(`Docker engine: ${state}. Type: ${dockerCommands(machine)}`);
  }
  if (!installed) {
    report("Docker engine: not installed, running apt-get install docker.io");
    await installDocker();
  }
  const remark = await start(report, options);
  const engine = await ask(options.docker);
  if ("problem" in engine) throw new Error(explain(host, engine));
  report(`Docker engine: ${engine.version} at ${host}, ${[installed ? "started" : "installed", ...remark].join(", ")}`);
  return engine;
}

interface Unreachable {
  problem: string;
  code: string | undefined;
}

async function ask(docker: Docker): Promise<DockerEngine | Unreachable> {
  try {
    const { Version, Arch } = await within(15, docker.version());
    return { version: Version, architecture: Arch };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { problem: message, code };
  }
}

function explain(host: string, { problem }: Unreachable): string {
  const advice = host.startsWith("unix://")
    ? "Start the engine that listens there"
    : "Check that the machine is up, that its engine listens there, and the keys or certificates that it wants";
  return `Docker engine: ${host} does not answer: ${problem.trim()}. ${advice}, or name another Docker host in the stack's settings.`;
}

async function installDocker(): Promise<void> {
  await updatePackageLists();
  const packages = ["docker.io", "iptables", "ca-certificates"];
  // Since Debian 13 the client is a package of its own.
  packages.push(...(await findPackages("docker-cli")));
  // Where the kernel has AppArmor on, no container starts without its parser.
  if (isEnabled("/sys/module/apparmor/parameters/enabled")) packages.push("apparmor");
  await installPackages(packages);
}

function isEnabled(file: string): boolean {
  return existsSync(file) && readFileSync(file, "utf8").startsWith("Y");
}

async function start(report: Report, { docker, stateDirectory }: DockerEngineOptions): Promise<string[]> {
  if (hasSystemd()) {
    await execa("systemctl", ["enable", "--now", "docker"], { timeout: 120_000, stdin: "ignore" });
    return [];
  }
  await ensureControlGroups(report);
  const remark = await startDockerDaemon({ docker, stateDirectory });
  return [`in the background until "${typed("down", "--docker")}"`, ...(remark ? [remark] : [])];
}

/** The test that systemd itself documents: sd_booted(3). */
function hasSystemd(): boolean {
  return existsSync("/run/systemd/system");
}

/** No systemd, then possibly nobody mounted the control groups, without which dockerd ends at once. */
async function ensureControlGroups(report: Report): Promise<void> {
  const mounted = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .some((line) => /^\S+ \/sys\/fs\/cgroup\S* cgroup2? /.test(line));
  if (mounted) return;
  report("Docker engine: control groups are not mounted, mounting them (package cgroupfs-mount)");
  if (!findProgram("cgroupfs-mount", systemFolders)) {
    if (!canInstallPackages()) throw new Error("Docker engine: mount the control groups at /sys/fs/cgroup first.");
    await updatePackageLists();
    await installPackages(["cgroupfs-mount"]);
  }
  await execa(findProgram("cgroupfs-mount", systemFolders) ?? "cgroupfs-mount", { timeout: 30_000 });
}
