import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { removeControlGroups } from "./control-groups.ts";
import type { DockerNode } from "./docker-node.ts";
import { nodeAddress, startDockerNode } from "./docker-node.ts";
import { startNamespace, stopNamespace } from "./namespace.ts";
import { startReaper } from "./reaper.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** An Ethernet switch in a network namespace of its own, with Docker nodes; the machine sees nothing of it. */
export interface NodeNetwork extends AsyncDisposable {
  /** Nodes are `node1`, `node2` and so on in the order in which they are asked for. They end with the network. */
  startNode(): Promise<DockerNode>;
  /** The machine at the switch that is no node: servers and clients can run there. */
  address: string;
  /** The process whose network that is. */
  pid: number;
  /** The command that runs a program there, with all else of this machine; it is killed when this process ends. */
  inside(file: string, arguments_: string[], directory?: string): [file: string, arguments_: string[]];
}

const address = "192.168.77.254";

const timeout = 60_000;
const tools = ["ip", "nsenter", "unshare", "setpriv", "iptables", "docker", "dockerd", "docker-init"];

export interface NetworkOptions {
  /** What the nodes find in /etc/hosts beside themselves: a name, and the numbers of the nodes that it leads to, in turns. */
  names?: Record<string, number[]>;
}

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

/** Arguments of nsenter up to those of env, which runs the program. */
function entering({ pid }: ChildProcess): string[] {
  return [`--net=/proc/${pid}/ns/net`, "setpriv", "--pdeathsig", "KILL", "env"];
}

/** Makes the switch. What is left of it and its nodes when this process is killed is removed all the same. */
export async function nodeNetwork({ names = {} }: NetworkOptions = {}): Promise<NodeNetwork> {
  const { path: folder, [Symbol.asyncDispose]: removeFolder } = await temporaryFolder();
  const controlGroups = `registry-kit-${randomBytes(4).toString("hex")}`;
  const reaper = startReaper();
  reaper.tell({ folders: [folder], controlGroups });
  const namespace = await startNamespace(["-n"], prepareSwitch);
  const archives = new Map<string, Promise<string>>();
  const archiveOf = (image: string) => {
    const archive = archives.get(image) ?? saveImage(image, join(folder, `image${archives.size + 1}.tar`));
    archives.set(image, archive);
    return archive;
  };
  const hosts = Object.entries(names).flatMap(([name, numbers]) => numbers.map((one) => `${nodeAddress(one)} ${name}`));
  const nodes: Promise<DockerNode>[] = [];
  return {
    address,
    pid: Number(namespace.pid),
    inside: (file, arguments_, directory = "/") => [
      "nsenter",
      [...entering(namespace), `--chdir=${directory}`, file, ...arguments_],
    ],
    startNode() {
      const number = nodes.length + 1;
      const node = startDockerNode({
        hosts,
        namespace,
        number,
        folder: join(folder, `node${number}`),
        controlGroups,
        archiveOf,
      });
      nodes.push(node);
      return node;
    },
    async [Symbol.asyncDispose]() {
      const started = await Promise.allSettled(nodes);
      await Promise.all(started.map((node) => (node.status === "fulfilled" ? node.value.powerOff() : undefined)));
      await stopNamespace(namespace);
      await removeControlGroups(controlGroups);
      await removeFolder();
      reaper.dismiss();
    },
  };
}

const prepareSwitch = `ip link set lo up
  ip link add br0 type bridge
  ip addr add ${address}/24 dev br0
  ip link set br0 up`;

async function saveImage(image: string, file: string): Promise<string> {
  await execa("docker", ["save", "--output", file, image], { timeout });
  return file;
}
