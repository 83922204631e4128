import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { debianLibraries, debianPackage } from "./debian-package.ts";
import { poll } from "./poll.ts";
import type { SshNode } from "./ssh-node.ts";

/** Debian's own, a part of docker.io. */
const launcher = "/usr/share/docker.io/contrib/dockerd-rootless.sh";

/** What the launcher needs. */
const packages = ["rootlesskit", "slirp4netns", "uidmap"];

const timeout = 30_000;

/** Why there can be no rootless dockerd here; undefined: there can. */
export async function rootlessDockerObstacle(): Promise<string | undefined> {
  if (!existsSync(launcher)) return `no ${launcher} on this machine: apt-get install docker.io`;
  const probe = await execa("setpriv", ["--reuid=65534", "--clear-groups", "unshare", "-U", "true"], {
    reject: false,
    timeout,
  });
  if (probe.failed) return "users without root's rights may make no user namespaces here";
  try {
    for (const name of packages) await debianPackage(name);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

/**
 * Starts a user's own dockerd on a node as Docker's manual says: in a user namespace, with a network of slirp4netns. It reaches
 * what the machine reaches but for loopback addresses, and ends with the node.
 * @returns where it answers, as seen from here
 */
export async function startRootlessDocker(node: SshNode, user: string): Promise<string> {
  const folders = await Promise.all(packages.map((name) => debianPackage(name)));
  const id = await node.run(`id -u ${user}`);
  const runtime = `/run/user/${id}`;
  // Distributions let everyone open the device, this machine's own may be root's alone.
  await node.run(`mount -t tmpfs -o mode=0755 tmpfs /dev/net; mknod -m 0666 /dev/net/tun c 10 200
    for file in subuid subgid; do echo ${user}:100000:65536 > /etc/$file; done
    mkdir -p ${runtime}; chown ${user} ${runtime}; chmod 0700 ${runtime}`);
  const environment = {
    HOME: `/home/${user}`,
    XDG_RUNTIME_DIR: runtime,
    PATH: [...folders.map((folder) => join(folder, "usr/bin")), "/usr/sbin:/usr/bin:/sbin:/bin"].join(":"),
    LD_LIBRARY_PATH: folders.map(debianLibraries).join(":"),
  };
  const log = "/run/rootless-docker.log";
  // Pulls need no bridge, and no control groups.
  const dockerd = `exec sh ${launcher} --storage-driver=vfs --iptables=false --bridge=none > ${log} 2>&1`;
  const asUser = ["setpriv", "--reuid", user, "--regid", user, "--init-groups"];
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  await node.run(`touch ${log}; chown ${user} ${log}`);
  const command = ["-t", String(node.inside), "-m", "-p", ...asUser, "env", "-i", ...variables, "sh", "-c", dockerd];
  const child = spawn("nsenter", command, { stdio: "ignore" });
  const socket = `unix://${join(node.root, runtime, "docker.sock")}`;
  await poll("the rootless dockerd answers", async () => {
    if (child.exitCode !== null) throw new Error(await readFile(join(node.root, log), "utf8"));
    return (await execa("docker", ["--host", socket, "version"], { reject: false, timeout })).failed ? undefined : true;
  });
  return socket;
}
