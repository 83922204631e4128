import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { innerProcess } from "./inner-process.ts";
import { enter, pollUntil, startNamespace, stopNamespace } from "./namespace.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A Docker daemon with network, mounts, processes, host name and /etc/docker of its own. */
export interface DockerNode extends AsyncDisposable {
  /** The address that the other nodes of the network reach; not a loopback address. */
  address: string;
  /** The daemon's certs.d, as seen from here; there is none at first. */
  certsDirectory: string;
  /** A folder that node and test see at the same path, gone with the node. */
  folder: string;
  /** A process inside, as seen from here, to enter its namespaces by. */
  inside(): Promise<number>;
  /** The daemon's process; the same number means that it was not restarted. */
  daemonPid(): Promise<number>;
  /** Runs the docker CLI against this daemon, for a minute at most, and returns what it printed. */
  docker(...arguments_: string[]): Promise<string>;
  /** Copies an image over from the machine's own daemon. */
  load(image: string): Promise<void>;
}

/** An Ethernet switch in a network namespace of its own; the machine sees nothing of it. */
export interface NodeNetwork extends AsyncDisposable {
  startNode(): Promise<DockerNode>;
}

const timeout = 60_000;
const tools = ["ip", "nsenter", "unshare", "setpriv", "iptables", "docker", "dockerd", "docker-init"];

/** Why there can be no such nodes here; undefined: there can. The images must be on the machine's own daemon. */
export async function dockerNodeObstacle(...images: string[]): Promise<string | undefined> {
  const fails = async (file: string, arguments_: string[]) =>
    (await execa(file, arguments_, { reject: false, timeout })).failed;
  for (const tool of tools) {
    if (await fails("sh", ["-c", `command -v ${tool}`])) return `no ${tool} on this machine`;
  }
  if (await fails("unshare", ["-n", "-m", "-u", "-p", "--fork", "--mount-proc", "true"])) {
    return "no right to make namespaces: not root, or a restricted container";
  }
  for (const image of images) {
    if (await fails("docker", ["image", "inspect", image])) return `the machine's own Docker has no image ${image}`;
  }
  return undefined;
}

/** Makes the switch; nodes end before it. */
export async function nodeNetwork(): Promise<NodeNetwork> {
  const network = await startNamespace(["-n"], "ip link add br0 type bridge; ip link set br0 up");
  let count = 0;
  return {
    startNode: () => startNode(network, ++count),
    [Symbol.asyncDispose]: () => stopNamespace(network),
  };
}

async function startNode(network: ChildProcess, number: number): Promise<DockerNode> {
  const { path: folder, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  const name = `registry-kit-${randomBytes(4).toString("hex")}`;
  const host = ["--host", `unix://${folder}/docker.sock`];
  await mkdir(join(folder, "etc"));
  await writeFile(join(folder, "resolv.conf"), "nameserver 127.0.0.1\n");

  const flags = ["-n", "-m", "-u", "-p", "--fork", "--kill-child", "--mount-proc"];
  const daemon = await startNamespace(flags, prepareNode(name, folder), runDaemon(name, folder));
  const node: DockerNode = {
    address: `192.168.77.${number}`,
    certsDirectory: join(folder, "etc", "certs.d"),
    folder,
    inside: () => innerProcess(daemon),
    daemonPid: async () => Number(await readFile(join(folder, "dockerd.pid"), "utf8")),
    docker: async (...arguments_) => (await execa("docker", [...host, ...arguments_], { timeout })).stdout,
    async load(image) {
      const options = { timeout, buffer: false, encoding: "buffer" } as const;
      await execa("docker", ["save", image], options).pipe("docker", [...host, "load"], options);
    },
    async [Symbol.asyncDispose]() {
      await stopNamespace(daemon);
      await removeControlGroups(name);
      await removeFolder();
    },
  };
  try {
    await plug(network, daemon, node.address, number);
    daemon.stdin?.write("\n");
    await pollUntil(`node ${number} answers`, timeout, async () => {
      if (daemon.exitCode !== null) throw new Error(`dockerd ended with ${daemon.exitCode}`);
      return (await execa("docker", [...host, "version"], { reject: false, timeout })).exitCode === 0;
    });
  } catch (error) {
    const log = await readFile(join(folder, "dockerd.log"), "utf8").catch(() => "");
    await node[Symbol.asyncDispose]();
    throw new Error(`Node ${number} did not start: ${error}\n${log.slice(-4000)}`);
  }
  return node;
}

/**
 * Masks what daemons share unless told otherwise: certs.d and daemon.json, a containerd of the machine, which it
 * would use, and the name server, so that a look-up fails at once.
 */
function prepareNode(name: string, folder: string): string {
  return `hostname ${name}
    mkdir -p /etc/docker
    mount --bind ${folder}/etc /etc/docker
    mount --bind ${folder}/resolv.conf /etc/resolv.conf
    for shared in /run/docker /run/containerd; do
      if [ -d $shared ]; then mount -t tmpfs tmpfs $shared; fi
    done`;
}

/** The driver of control groups needs no systemd; docker-init, as the namespace's init, reaps what containers leave. */
function runDaemon(name: string, folder: string): string {
  const paths = `--data-root=${folder}/data --exec-root=${folder}/run --pidfile=${folder}/dockerd.pid`;
  const groups = `--exec-opt=native.cgroupdriver=cgroupfs --cgroup-parent=/${name}`;
  return `exec docker-init -- dockerd ${paths} ${groups} --host=unix://${folder}/docker.sock > ${folder}/dockerd.log 2>&1`;
}

/** A cable from the switch to the node's eth0. */
async function plug(network: ChildProcess, node: ChildProcess, address: string, number: number): Promise<void> {
  const port = `port${number}`;
  await enter(
    network,
    `ip link add ${port} type veth peer name eth0 netns ${node.pid}; ip link set ${port} master br0 up`,
  );
  await enter(node, `ip link set lo up; ip addr add ${address}/24 dev eth0; ip link set eth0 up`);
}

/** The kernel keeps the empty groups of killed containers; they can go when the last process has. */
async function removeControlGroups(name: string): Promise<void> {
  const find = ["/sys/fs/cgroup", "-depth", "-type", "d", "-path", `*/${name}*`];
  await pollUntil(`the control groups of ${name} are gone`, timeout, async () => {
    await execa("find", [...find, "-exec", "rmdir", "{}", ";"], { reject: false, timeout });
    return (await execa("find", find, { reject: false, timeout })).stdout === "";
  });
}
