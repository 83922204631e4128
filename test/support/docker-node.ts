import type { ChildProcess } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { innerProcess } from "./inner-process.ts";
import { enter, pollUntil, startNamespace, stopNamespace } from "./namespace.ts";

/** A Docker daemon with network, mounts, processes, host name, /etc/docker and /etc/hosts of its own. */
export interface DockerNode {
  /** Its host name. */
  name: string;
  /** The address that the other nodes of the network reach; not a loopback address. */
  address: string;
  /** The daemon's certs.d, as seen from here; there is none at first. */
  certsDirectory: string;
  /** A folder that node and test see at the same path, gone with the network. */
  folder: string;
  /** The daemon's socket, which is reached from outside, too. */
  socket: string;
  /** A process in its namespaces, as seen from here. */
  innerProcess(): Promise<number>;
  /** The daemon's process; the same number means that it was not restarted. */
  daemonPid(): Promise<number>;
  /** Runs the docker CLI against this daemon, for a minute at most, and returns what it printed. */
  docker(...arguments_: string[]): Promise<string>;
  /** Copies an image over from the machine's own daemon. */
  load(image: string): Promise<void>;
  /**
   * The command that runs a program in the node, with its mounts, its network and its Docker daemon; it is killed with
   * the node: `execa(...node.inside("ls", []))`. The working directory is the root unless told otherwise.
   */
  inside(file: string, arguments_: string[], directory?: string): [file: string, arguments_: string[]];
  /** As pulling the plug: every process of it is killed, and its cable is cut. */
  powerOff(): Promise<void>;
  /** Starts it again, with what it had on its disks. */
  powerOn(): Promise<void>;
}

export interface DockerNodeOptions {
  /** The process whose network the switch is in. */
  namespace: ChildProcess;
  number: number;
  folder: string;
  controlGroups: string;
  /** Lines of its /etc/hosts. */
  hosts: string[];
  /** The file of an image that the machine's own daemon has. */
  archiveOf(image: string): Promise<string>;
}

const timeout = 60_000;

/** Starts a node on a switch, and waits until its daemon answers. */
export async function startDockerNode(options: DockerNodeOptions): Promise<DockerNode> {
  const { number, folder, hosts, archiveOf } = options;
  const name = `node${number}`;
  const socket = join(folder, "docker.sock");
  const host = `unix://${socket}`;
  await mkdir(join(folder, "etc"), { recursive: true });
  await writeFile(join(folder, "resolv.conf"), "nameserver 127.0.0.1\n");
  await writeFile(join(folder, "hosts"), `${["127.0.0.1 localhost", `127.0.1.1 ${name}`, ...hosts].join("\n")}\n`);
  let daemon = await boot(options, host);
  return {
    name,
    address: nodeAddress(number),
    certsDirectory: join(folder, "etc", "certs.d"),
    folder,
    socket,
    innerProcess: () => innerProcess(daemon),
    daemonPid: async () => Number(await readFile(join(folder, "dockerd.pid"), "utf8")),
    docker: async (...arguments_) =>
      (await execa("docker", ["--host", host, ...arguments_], { timeout, stdin: "ignore" })).stdout,
    async load(image) {
      await execa("docker", ["--host", host, "load", "--input", await archiveOf(image)], { timeout });
    },
    inside(file, arguments_, directory = "/") {
      return ["nsenter", [...entering(daemon), `--chdir=${directory}`, `DOCKER_HOST=${host}`, file, ...arguments_]];
    },
    async powerOff() {
      await stopNamespace(daemon);
      await unplug(options.namespace, number);
    },
    async powerOn() {
      // The numbers of processes start over, so that a file of the last start may name a process of this one.
      for (const left of ["run", "dockerd.pid", "docker.sock"])
        await rm(join(folder, left), { recursive: true, force: true });
      daemon = await boot(options, host);
    },
  };
}

async function boot(
  { namespace, number, folder, controlGroups }: DockerNodeOptions,
  host: string,
): Promise<ChildProcess> {
  const flags = ["-n", "-m", "-u", "-p", "--fork", "--kill-child", "--mount-proc"];
  const name = `node${number}`;
  const daemon = await startNamespace(flags, prepareNode(name, folder), runDaemon(`${controlGroups}-${name}`, folder));
  try {
    await plug(namespace, daemon, number);
    daemon.stdin?.write("\n");
    await pollUntil(`${name} answers`, timeout, async () => {
      if (daemon.exitCode !== null) throw new Error(`dockerd ended with ${daemon.exitCode}`);
      return (await execa("docker", ["--host", host, "version"], { reject: false, timeout })).exitCode === 0;
    });
    return daemon;
  } catch (error) {
    await stopNamespace(daemon);
    const log = await readFile(join(folder, "dockerd.log"), "utf8").catch(() => "");
    throw new Error(`${name} did not start: ${error}\n${log.slice(-4000)}`);
  }
}

/**
 * Masks what daemons share unless told otherwise: certs.d and daemon.json, a containerd of the machine, which it
 * would use, sockets of plugins, the names of hosts, and the name server, so that a look-up fails at once.
 */
function prepareNode(name: string, folder: string): string {
  return `hostname ${name}
    mkdir -p /etc/docker
    mount --bind ${folder}/etc /etc/docker
    mount --bind ${folder}/hosts /etc/hosts
    mount --bind ${folder}/resolv.conf /etc/resolv.conf
    for shared in /run/docker /run/containerd; do
      if [ -d $shared ]; then mount -t tmpfs tmpfs $shared; fi
    done`;
}

/** The driver of control groups needs no systemd; docker-init, as the namespace's init, reaps what containers leave. */
function runDaemon(name: string, folder: string): string {
  const paths = `--data-root=${folder}/data --exec-root=${folder}/run --pidfile=${folder}/dockerd.pid`;
  const groups = `--exec-opt=native.cgroupdriver=cgroupfs --cgroup-parent=/${name}`;
  // dockerd refuses hosts in both places.
  const host = `host=--host=unix://${folder}/docker.sock; ! grep -q '"hosts"' /etc/docker/daemon.json 2>/dev/null || host=`;
  return `${host}; exec docker-init -- dockerd ${paths} ${groups} $host >> ${folder}/dockerd.log 2>&1`;
}

/** A cable from the switch to the node's eth0, which always has the same hardware address, as others remember it. */
async function plug(network: ChildProcess, node: ChildProcess, number: number): Promise<void> {
  const hardware = `02:00:00:00:00:${number.toString(16).padStart(2, "0")}`;
  await enter(
    network,
    `ip link add port${number} type veth peer name eth0 address ${hardware} netns ${node.pid}
     ip link set port${number} master br0 up`,
  );
  await enter(node, `ip link set lo up; ip addr add ${nodeAddress(number)}/24 dev eth0; ip link set eth0 up`);
}

/** The kernel takes its time with a network whose last process has ended. */
async function unplug(network: ChildProcess, number: number): Promise<void> {
  await enter(network, `ip link del port${number} 2>/dev/null || true`);
}

/** Of the node with this number. */
export function nodeAddress(number: number): string {
  return `192.168.77.${number}`;
}

/** Arguments of nsenter up to those of env, which runs the program. It is killed when nsenter is. */
function entering({ pid }: ChildProcess): string[] {
  const kinds = { net: "net", mount: "mnt", uts: "uts", pid: "pid_for_children" };
  const namespaces = Object.entries(kinds).map(([option, file]) => `--${option}=/proc/${pid}/ns/${file}`);
  return [...namespaces, "setpriv", "--pdeathsig", "KILL", "env"];
}
