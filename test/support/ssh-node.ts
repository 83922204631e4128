import { appendFile, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { freePort } from "../../bench/harness/free-port.ts";
import type { DockerNode } from "./docker-node.ts";
import { innerProcess } from "./inner-process.ts";
import { pollUntil, startNamespace, stopNamespace } from "./namespace.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** An sshd on 127.0.0.1 with mounts and processes of its own: its /etc and /run are seen by nobody else. */
export interface SshNode extends AsyncDisposable {
  connection: { type: "ssh"; host: string; port: number };
  /** As root, with the test's key; the host key is known. */
  login: SshNodeLogin;
  /** The node's root folder as seen from here. */
  root: string;
  /** Keys and known_hosts of the user who logs in. */
  folder: string;
  /** Kills sshd and all sessions; `start` brings another with the same disk. */
  stop(): Promise<void>;
  start(hostKey?: "host" | "other"): Promise<void>;
  /** Runs a shell script on it as root. */
  run(script: string): Promise<string>;
  /** A process of it, as seen from here. */
  inside: number;
}

export interface SshNodeLogin {
  user: string;
  privateKeyFile: string;
  knownHosts: string;
  /** Seconds. */
  timeout: number;
}

const timeout = 30_000;

/** Why there can be no such nodes here; undefined: there can. */
export async function sshNodeObstacle(): Promise<string | undefined> {
  const fails = async (file: string, args: string[]) => (await execa(file, args, { reject: false, timeout })).failed;
  for (const tool of ["/usr/sbin/sshd", "sudo", "ssh-keygen", "unshare", "nsenter", "setpriv"]) {
    if (await fails("sh", ["-c", `command -v ${tool}`]))
      return `no ${tool} on this machine: apt-get install openssh-server sudo`;
  }
  const probe =
    "mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w && mount -t overlay o -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w /etc";
  if (await fails("unshare", ["-m", "-p", "--fork", "--mount-proc", "sh", "-c", probe])) {
    return "no right to make namespaces and mounts: not root, or a restricted container";
  }
  return undefined;
}

/** Keys that all nodes of a test may share: making them takes longer than starting an sshd. */
export interface SshKeys extends AsyncDisposable {
  folder: string;
}

/** A folder with a user's key (`id`), one with a passphrase (`locked`, "open sesame") and two host keys (`host`, `other`). */
export async function makeSshKeys(): Promise<SshKeys> {
  const { path: folder, [Symbol.asyncDispose]: dispose } = await temporaryFolder();
  const make = (name: string, passphrase = "") =>
    execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", join(folder, name)], { timeout });
  await Promise.all([make("id"), make("locked", "open sesame"), make("host"), make("other")]);
  const authorized = await Promise.all(["id", "locked"].map((name) => readFile(join(folder, `${name}.pub`), "utf8")));
  await writeFile(join(folder, "authorized_keys"), authorized.join(""));
  await writeFile(join(folder, "known_hosts"), "");
  return { folder, [Symbol.asyncDispose]: dispose };
}

/**
 * Starts one. Users beside root: `kit-admin`, who may use sudo with the password "let me in", and `kit-guest`, who may not;
 * `kit-free` uses sudo without a password.
 * @param options `users`: false leaves them out, which makes the start quicker.
 */
export async function startSshNode({ folder }: SshKeys, { users = true } = {}): Promise<SshNode> {
  const port = await freePort();
  const privateKeyFile = join(folder, "id");
  const knownHosts = join(folder, "known_hosts");
  await appendFile(knownHosts, `[127.0.0.1]:${port} ${await readFile(join(folder, "host.pub"), "utf8")}`);
  const flags = ["-m", "-p", "--fork", "--kill-child", "--mount-proc"];
  const namespace = await startNamespace(flags, users ? `${prepare}\n${addUsers}` : prepare);
  const inside = await innerProcess(namespace);
  const node: SshNode = {
    connection: { type: "ssh", host: "127.0.0.1", port },
    login: { user: "root", privateKeyFile, knownHosts, timeout: 30 },
    inside,
    root: `/proc/${namespace.pid}/root`,
    folder,
    start: (hostKey) => startSshd(inside, folder, port, hostKey),
    async stop() {
      await stopSshd(inside);
      await pollUntil(`nothing answers on port ${port}`, timeout, async () => !(await listens(port)));
    },
    run: async (script) => {
      return (await execa("nsenter", ["-t", String(inside), "-m", "-p", "sh", "-ec", script], { timeout })).stdout;
    },
    [Symbol.asyncDispose]: () => stopNamespace(namespace),
  };
  try {
    await node.start();
  } catch (error) {
    await node[Symbol.asyncDispose]();
    throw error;
  }
  return node;
}

/** Runs an sshd in the mounts and processes of another process; it ends with those. */
export async function startSshd(
  inside: number,
  folder: string,
  port: number,
  hostKey = "host",
  options: string[] = [],
): Promise<void> {
  // One that was killed may not have let go of the port yet.
  await pollUntil(`port ${port} is free`, timeout, async () => !(await listens(port)));
  const more = options.flatMap((option) => ["-o", option]);
  const sshd = ["/usr/sbin/sshd", ...sshdOptions(folder, "127.0.0.1", port, hostKey), ...more];
  await execa("nsenter", ["-t", String(inside), "-m", "-p", ...sshd], { timeout });
  await pollUntil(`an sshd listens on port ${port}`, timeout, () => listens(port));
}

/** Runs an sshd on a Docker node's own address, for the other nodes of its network; it ends with the node. Its key is made known. */
export async function startSshdOn({ inside, address }: DockerNode, folder: string): Promise<void> {
  await appendFile(join(folder, "known_hosts"), `${address} ${await readFile(join(folder, "host.pub"), "utf8")}`);
  await execa(...inside("/usr/sbin/sshd", sshdOptions(folder, address, 22, "host")), { timeout });
}

function sshdOptions(folder: string, address: string, port: number, hostKey: string): string[] {
  const options = [
    `Port=${port}`,
    `ListenAddress=${address}`,
    `HostKey=${join(folder, hostKey)}`,
    `AuthorizedKeysFile=${join(folder, "authorized_keys")}`,
    "PidFile=none",
    "UsePAM=no",
    "StrictModes=no",
    "PasswordAuthentication=no",
    "PermitRootLogin=yes",
    "MaxStartups=200",
  ].flatMap((option) => ["-o", option]);
  return ["-f", "/dev/null", "-E", join(folder, `sshd-${port}.log`), ...options];
}

/**
 * From now on, the first `mv` onto a file of that name kills every sshd once it is done: the connection breaks between
 * the work and its answer. `mv` itself is as before afterwards.
 */
export async function breakAfterMove(inside: number, name: string): Promise<void> {
  const wrapper = `#!/bin/sh
for last; do :; done
/bin/mv "$@"; s=$?
case $last in */${name})
  umount -l /usr/local/bin
  for d in /proc/[0-9]*; do { read -r c < $d/comm; } 2>/dev/null && [ "$c" = sshd ] && kill -9 "\${d#/proc/}"; done ;;
esac
exit $s
`;
  const script = `mount -t tmpfs tmpfs /usr/local/bin; cat > /usr/local/bin/mv; chmod +x /usr/local/bin/mv`;
  await execa("nsenter", ["-t", String(inside), "-m", "-p", "sh", "-ec", script], { timeout, input: wrapper });
}

/** Kills all sshd's and their sessions in the namespace of a process. */
export async function stopSshd(inside: number): Promise<void> {
  const script = `for d in /proc/[0-9]*; do
    { read -r name < $d/comm; } 2>/dev/null && [ "$name" = sshd ] && kill -9 "\${d#/proc/}"; done; :`;
  await execa("nsenter", ["-t", String(inside), "-m", "-p", "sh", "-c", script], { timeout });
}

/** A file system of its own over /etc, and empty /run, /home and /root: what root's shell does here at login is no affair of a node. */
const prepare = `
  mkdir -p /run/sshd
  layer=$(mktemp -d)
  mount -t tmpfs -o mode=0755 tmpfs $layer
  mkdir $layer/upper $layer/work
  mount -t overlay overlay -o lowerdir=/etc,upperdir=$layer/upper,workdir=$layer/work /etc
  mount -t tmpfs -o mode=0755 tmpfs /run
  mkdir /run/sshd
  mount -t tmpfs -o mode=0755 tmpfs /home
  mount -t tmpfs -o mode=0700 tmpfs /root
  rm -rf /etc/docker /etc/containerd /etc/containers
  mkdir /etc/docker
  rmdir $layer 2>/dev/null || true`;

/** The password is written so that a test that looks for it in arguments does not find it in those of this script. */
const addUsers = `
  for user in kit-admin kit-guest kit-free; do useradd -m -s /bin/sh $user; usermod -p '*' $user; done
  printf '%s:let m''e in\\n' kit-admin kit-guest | chpasswd -c SHA256
  echo 'kit-admin ALL=(ALL) ALL' > /etc/sudoers.d/test
  echo 'kit-free ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers.d/test
  chmod 0440 /etc/sudoers.d/test`;

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      resolve(true);
      socket.destroy();
    });
    socket.once("error", () => resolve(false));
  });
}
