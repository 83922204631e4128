import { setTimeout as pause } from "node:timers/promises";
import type { Node } from "../machines/node.ts";
import type { DaemonEntries } from "./daemon-file.ts";
import { daemonKeys, entriesIn, entryKinds, hostsIn, without } from "./daemon-file.ts";

/** A dockerd that reads a certain daemon.json. */
export interface RunningDaemon {
  pid: number;
  /** Its command line. */
  arguments: string[];
  /** Where it may answer, the likeliest first: `unix:///var/run/docker.sock`. */
  hosts: string[];
}

export interface DaemonPlace {
  file: string;
  rootless: boolean;
}

/** Where dockerd looks unless told otherwise. */
export const defaultDaemonFile = "/etc/docker/daemon.json";

/** Milliseconds in which a daemon has reloaded. */
const reloadTime = 15_000;

/**
 * Finds the dockerd that reads the file: a process of root's, rootless of the same user's, whose program is dockerd and which sees the same
 * files as this connection does, which those in containers and namespaces don't. A name alone proves nothing: any user can
 * call a program dockerd. undefined: none is running.
 * @param text of the file, undefined: there is none; it may say where dockerd listens
 * @throws where there are several
 */
export async function findDaemon(
  node: Node,
  { file, rootless }: DaemonPlace,
  text?: string,
): Promise<RunningDaemon | undefined> {
  const found = (await findDaemons(node, rootless)).filter((daemon) => (configFileOf(daemon) ?? file) === file);
  const [daemon, ...more] = found;
  if (more.length > 0) {
    throw new Error(`${found.length} daemons read ${file} (processes ${found.map(({ pid }) => pid).join(", ")}).`);
  }
  if (!daemon) return undefined;
  const usual = rootless ? `unix:///run/user/${daemon.user}/docker.sock` : "unix:///var/run/docker.sock";
  const flags = [...flagValues(daemon.arguments, "--host"), ...flagValues(daemon.arguments, "-H")];
  const hosts = [...flags, ...hostsIn(text)].map((host) => (host.startsWith("fd://") ? usual : host));
  return {
    pid: daemon.pid,
    arguments: daemon.arguments,
    // The file may have changed since its start, and a reload changes no hosts. The usual one may then be another daemon's.
    hosts: hosts.length > 0 ? hosts.toSorted((a, b) => isTcp(a) - isTcp(b)) : [usual],
  };
}

/** The file that the only daemon of a node reads instead of the usual one; undefined: the usual one, or there is no such daemon. */
export async function otherDaemonFile(node: Node, rootless: boolean): Promise<string | undefined> {
  const [daemon, ...more] = await findDaemons(node, rootless);
  return daemon && more.length === 0 ? configFileOf(daemon) : undefined;
}

interface FoundDaemon {
  pid: number;
  user: string;
  arguments: string[];
}

/** Without root's rights neither the program of a process of root's nor its mounts can be seen: its owner has to do. */
const listDaemons = `me=$(id -u)
for d in /proc/[0-9]*; do
  { read -r name < $d/comm; } 2>/dev/null && [ "$name" = dockerd ] || continue
  nested= user=
  while read -r key a b c more; do case $key in
    Uid:) [ "$a$b$c" = "$a$a$a" ] && user=$a ;;
    NSpid:) [ -z "$b" ] || nested=yes ;;
  esac; done < $d/status
  [ "$user" = "$1" ] || continue
  if [ "$2" = rootless ]; then :
  elif [ "$me" = 0 ]; then [ $d/ns/mnt -ef /proc/self/ns/mnt ] || continue
  elif [ "$nested" ]; then continue
  fi
  if program=$(readlink $d/exe); then
    program=\${program% (deleted)}
    case \${program##*/} in dockerd|.dockerd-wrapped) ;; *) continue ;; esac
  elif [ "$me" = 0 ] || [ "$me" = "$user" ]; then continue
  fi
  read -r id _ _ parent _ < $d/stat && echo "pid $id" && echo "$parent" && echo "$user"
  tr '\\0' '\\n' < $d/cmdline
done 2>/dev/null; :`;

async function findDaemons(node: Node, rootless: boolean): Promise<FoundDaemon[]> {
  const script = `user=${rootless ? "$(id -u)" : "0"}; set -- "$user" ${rootless ? "rootless" : "usual"}\n${listDaemons}`;
  const { stdout } = await node.run(["sh", "-c", script]);
  return (
    stdout
      .split(/^pid /m)
      .slice(1)
      .map((text) => text.split("\n").filter((line) => line !== ""))
      .map(([pid, parent, user = "0", ...line]) => ({
        pid: Number(pid),
        parent: Number(parent),
        user,
        arguments: line,
      }))
      // A program that dockerd is about to start is a copy of dockerd for a moment.
      .filter(({ parent }, _, all) => !all.some(({ pid }) => pid === parent))
  );
}

function configFileOf(daemon: FoundDaemon): string | undefined {
  return flagValues(daemon.arguments, "--config-file").at(-1);
}

/** Whether the node has the program at all. */
export async function hasDockerd(node: Node): Promise<boolean> {
  return (await node.run(["sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; command -v dockerd"])).exitCode === 0;
}

/** The values of a flag on a command line: `--flag value` or `--flag=value`. */
export function flagValues(line: readonly string[], flag: string): string[] {
  return line.flatMap((argument, index) => {
    if (argument === flag) return line[index + 1] ?? [];
    return argument.startsWith(`${flag}=`) ? argument.slice(flag.length + 1) : [];
  });
}

/** Why dockerd would not start with that file: what it has as a flag must not be in the file, too. */
export function flagConflicts(daemon: RunningDaemon, text: string | undefined): string[] {
  return entryKinds.flatMap((kind) => {
    const { key, flag } = daemonKeys[kind];
    // Both spellings are dockerd's.
    const given = [...flagValues(daemon.arguments, flag), ...flagValues(daemon.arguments, `${flag}s`)];
    if (given.length === 0 || entriesIn(text)[kind].length === 0) return [];
    const what = given.map((value) => `${flag}=${value}`).join(" ");
    return [
      `dockerd runs with ${what}: with "${key}" in its file as well it would not start again. Move the flag's value there.`,
    ];
  });
}

/** Where a daemon.json is while dockerd looks at it, beside the one that is in use. */
const candidateOf = (file: string) => `${file}.registry-kit-candidate`;

/** Removes what a run left that was killed while dockerd looked at it. @returns the file */
export async function withoutCandidate(node: Node, file: string): Promise<string> {
  if (await node.look(candidateOf(file))) await node.remove(candidateOf(file));
  return file;
}

/** What `dockerd --validate` has against a text; undefined: nothing, or it can't tell (before 23.0). */
export async function validationProblem(node: Node, file: string, text: string): Promise<string | undefined> {
  const candidate = candidateOf(file);
  await node.write(candidate, { content: text, mode: "0600", owner: node.owner });
  const { exitCode, stderr } = await node.run(["dockerd", "--validate", `--config-file=${candidate}`]);
  await node.remove(candidate);
  if (exitCode === 0 || exitCode === 127 || /unknown flag/.test(stderr)) return undefined;
  return stderr.trim().split("\n").at(-1)?.replaceAll(candidate, file);
}

/** Has dockerd read its file again, as `systemctl reload docker` does, and waits until `docker info` shows it. */
export async function reload(node: Node, daemon: RunningDaemon, wanted: DaemonEntries, unwanted: DaemonEntries) {
  const { exitCode, stderr } = await node.run(["kill", "-HUP", String(daemon.pid)]);
  if (exitCode !== 0) throw new Error(`dockerd (process ${daemon.pid}) takes no signal: ${stderr.trim()}.`);
  const end = Date.now() + reloadTime;
  for (;;) {
    const missing = await notLive(node, daemon, wanted, unwanted);
    if (missing.length === 0) return;
    if (Date.now() > end)
      throw new Error(`dockerd did not take the file over: ${missing.join("; ")}. Its log says why.`);
    await pause(200);
  }
}

/** What `docker info` shows otherwise than wanted, one sentence each. */
export async function notLive(
  node: Node,
  daemon: RunningDaemon,
  wanted: DaemonEntries,
  unwanted: DaemonEntries,
): Promise<string[]> {
  const live = await liveEntries(node, daemon);
  return entryKinds.flatMap((kind) => [
    ...without(wanted[kind], live[kind]).map((entry) => `dockerd does not use ${entry} (${daemonKeys[kind].key})`),
    ...unwanted[kind]
      .filter((entry) => without([entry], live[kind]).length === 0)
      .map((entry) => `dockerd still uses ${entry} (${daemonKeys[kind].key})`),
  ]);
}

/** `docker info` of a daemon that does not answer has `null` here. */
interface RegistryConfig {
  InsecureRegistryCIDRs: string[] | null;
  IndexConfigs: Record<string, { Secure: boolean }>;
  Mirrors: string[] | null;
}

async function liveEntries(node: Node, { hosts }: RunningDaemon): Promise<DaemonEntries> {
  let config: RegistryConfig | undefined;
  const reasons: string[] = [];
  for (const host of hosts) {
    const asked = await node.run(["docker", "--host", host, "info", "--format", "{{json .RegistryConfig}}"]);
    if (asked.exitCode === 127) throw new Error("there is no docker command on the node to ask dockerd with.");
    config = registryConfigIn(asked.stdout);
    if (config) break;
    reasons.push(`${host}: ${asked.stderr.trim().split("\n").at(-1)}`);
  }
  if (!config) throw new Error(`dockerd does not answer at ${reasons.join("; at ")}`);
  const insecure = Object.entries(config.IndexConfigs).flatMap(([name, { Secure }]) => (Secure ? [] : [name]));
  return {
    insecureRegistries: [...insecure, ...(config.InsecureRegistryCIDRs ?? [])],
    registryMirrors: config.Mirrors ?? [],
  };
}

/** Undefined: the daemon did not answer. */
function registryConfigIn(text: string): RegistryConfig | undefined {
  try {
    const config = JSON.parse(text) as RegistryConfig | null;
    return config?.IndexConfigs ? config : undefined;
  } catch {
    return undefined;
  }
}

function isTcp(host: string): number {
  return host.startsWith("unix://") ? 0 : 1;
}
