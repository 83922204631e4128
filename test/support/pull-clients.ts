import { spawn } from "node:child_process";
import { join } from "node:path";
import { execa } from "execa";
import { containerdImages } from "./containerd-images.ts";
import { debianLibraries, debianPackage } from "./debian-package.ts";
import { poll } from "./poll.ts";
import type { SshNode } from "./ssh-node.ts";

/** One user of a registry. */
export interface Credentials {
  user: string;
  password: string;
}

/**
 * A real program that pulls images on a node, with the configuration that it finds there. `authorities`, a file of PEM, takes the
 * place of those that the node's system trusts.
 */
export interface PullClient {
  /** With its version. */
  name: string;
  /** Pulls and forgets the image. @throws with what the program said */
  pull(image: string, credentials?: Credentials): Promise<void>;
}

const timeout = 30_000;

/** Why they can't be had here; undefined: they can. */
export async function pullClientsObstacle(): Promise<string | undefined> {
  for (const tool of ["containerd", "ctr"]) {
    const { failed } = await execa("sh", ["-c", `command -v ${tool}`], { reject: false, timeout });
    if (failed) return `no ${tool} on this machine: apt-get install containerd`;
  }
  try {
    for (const name of ["podman", "skopeo"]) await debianPackage(name);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

/** podman of Debian, as root, with the folders that its package makes under /etc/containers. */
export async function installPodman(node: SshNode, authorities: string): Promise<PullClient> {
  const folder = await debianPackage("podman");
  await node.run(`cp -r ${folder}/etc/containers /etc/`);
  const podman = program(node, authorities, join(folder, "usr/bin/podman"), folder);
  const places = ["--root=/run/podman/images", "--runroot=/run/podman/run", "--tmpdir=/run/podman/tmp"];
  const options = [
    ...places,
    "--storage-driver=vfs",
    "--cgroup-manager=cgroupfs",
    "--events-backend=none",
    `--conmon=${folder}/usr/bin/conmon`,
  ];
  return {
    name: (await podman(["--version"])).replace(" version", ""),
    async pull(image, credentials) {
      await podman([...options, "pull", "--quiet", await authFile(node, "podman", image, credentials), image]);
      await podman([...options, "image", "rm", "--all", "--force"]);
    },
  };
}

/**
 * skopeo of Debian: the library that podman and CRI-O read their configuration with, and nothing else.
 * @param user who runs it
 */
export async function installSkopeo(node: SshNode, authorities: string, user = "root"): Promise<PullClient> {
  const folder = await debianPackage("skopeo");
  await node.run(`cp -r ${folder}/etc/containers /etc/`);
  const skopeo = program(node, authorities, join(folder, "usr/bin/skopeo"), folder, user);
  const target = `/run/skopeo-${user}`;
  return {
    name: (await skopeo(["--version"])).replace(" version", ""),
    async pull(image, credentials) {
      await node.run(`rm -rf ${target}; install -d -o ${user} ${target}`);
      const auth = await authFile(node, `skopeo-${user}`, image, credentials);
      await skopeo(["copy", "--quiet", auth, `docker://${image}`, `dir:${target}`]);
    },
  };
}

/** `ctr`, which is given the folder of hosts by hand. */
export async function installCtr(node: SshNode, authorities: string): Promise<PullClient> {
  const ctr = program(node, authorities, "ctr");
  const version = (await ctr(["--version"])).replace(/ .* /, " ");
  const options = ["--address=/run/containerd-test/socket", "images"];
  return {
    name: version,
    async pull(image, credentials) {
      const user = credentials ? ["--user", `${credentials.user}:${credentials.password}`] : [];
      const hosts = ["--hosts-dir=/etc/containerd/certs.d", "--snapshotter=native"];
      await ctr([...options, "pull", ...hosts, ...user, image]);
      await ctr([...options, "rm", "--sync", image]);
    },
  };
}

/**
 * A containerd of the node's own, asked as kubelet asks it; its configuration names the folder of hosts, which is what the kit's
 * docs ask for.
 */
export async function startContainerd(node: SshNode, authorities: string): Promise<PullClient> {
  const folder = "/run/containerd-test";
  const configuration = `version = 2
root = "${folder}/root"
state = "${folder}/state"
[grpc]
  address = "${folder}/socket"
[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "native"
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`;
  await node.run(`mkdir ${folder}; cat > ${folder}/config.toml <<'END'\n${configuration}END`);
  const daemon = inside(node, ["env", `SSL_CERT_FILE=${authorities}`, "containerd", `--config=${folder}/config.toml`]);
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...daemon], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const images = containerdImages(join(node.root, folder, "socket"));
  const version = await poll("containerd answers", () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${said.slice(-2000)}`);
    return images.version();
  });
  return {
    name: `containerd ${version} (CRI)`,
    async pull(image, credentials) {
      await images.pull(image, credentials);
      await images.remove(image);
    },
  };
}

function inside({ inside: id }: SshNode, command: string[]): string[] {
  return ["nsenter", "-t", String(id), "-m", "-p", ...command];
}

function program(node: SshNode, authorities: string, file: string, packageFolder?: string, user = "root") {
  const libraries = packageFolder ? [`LD_LIBRARY_PATH=${debianLibraries(packageFolder)}`] : [];
  const home = user === "root" ? [] : [`HOME=/home/${user}`];
  const asUser = ["setpriv", "--reuid", user, "--regid", user, "--init-groups"];
  const command = [...asUser, "env", `SSL_CERT_FILE=${authorities}`, ...libraries, ...home, file];
  const [nsenter = "", ...rest] = inside(node, command);
  return async (arguments_: string[]) => (await execa(nsenter, [...rest, ...arguments_], { timeout })).stdout.trim();
}

/** Credentials as `podman login` keeps them: they are in no argument. */
async function authFile(
  node: SshNode,
  client: string,
  image: string,
  credentials: Credentials | undefined,
): Promise<string> {
  const [registry = ""] = image.split("/");
  const auth = credentials && Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
  const content = JSON.stringify({ auths: auth ? { [registry]: { auth } } : {} });
  await node.run(`printf '%s' '${content}' > /run/${client}.json`);
  return `--authfile=/run/${client}.json`;
}
