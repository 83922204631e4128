import { join } from "node:path";
import { execa } from "execa";
import { debianPackage } from "./debian-package.ts";
import type { DockerNode } from "./docker-node.ts";
import type { NodeNetwork } from "./node-network.ts";
import { poll } from "./poll.ts";

const timeout = 20_000;

/** Why there can be no volumes of rclone here; undefined: there can. */
export async function rcloneObstacle(): Promise<string | undefined> {
  if ((await execa("sh", ["-c", ": <>/dev/fuse"], { reject: false, timeout })).failed) return "no /dev/fuse";
  return findRclone().then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** Options of volumes on a server of {@link serveSftp}; `vfs-*` say how they are cached. */
export interface SftpVolume {
  options: Record<string, string>;
}

/** Starts a server of files at the switch of a network; it ends with the network. */
export async function serveSftp(network: NodeNetwork, folder: string): Promise<SftpVolume> {
  const { program } = await findRclone();
  const port = 2022;
  const [file, parameters] = network.inside(program, [
    ...[
      "serve",
      "sftp",
      "--no-auth",
      "--config=",
      `--cache-dir=${folder}-cache`,
      `--addr=${network.address}:${port}`,
      folder,
    ],
  ]);
  const server = execa(file, parameters, { reject: false, all: true });
  let ended: string | undefined;
  server.then(({ all, shortMessage }) => {
    ended = all || shortMessage;
  });
  await poll("the SFTP server listens", async () => {
    if (ended) throw new Error(ended);
    const look = network.inside("sh", ["-c", `ss -Htln sport = :${port} | grep -q .`]);
    return (await execa(...look, { reject: false, timeout })).failed ? undefined : true;
  });
  return { options: { type: "sftp", "sftp-host": network.address, "sftp-port": String(port), path: "/" } };
}

/** Starts rclone's volume plugin on a node, and waits until the managers know of it; it ends with the node. */
export async function startRclonePlugin(node: DockerNode, manager: DockerNode): Promise<void> {
  const { program, path } = await findRclone();
  const files = [
    "--config=",
    `--cache-dir=${join(node.folder, "rclone-cache")}`,
    `--base-dir=${join(node.folder, "volumes")}`,
  ];
  const command = node.inside("sh", [
    "-ec",
    'mkdir -p /run/docker/plugins "$0"; exec "$@"',
    join(node.folder, "volumes"),
    ...[program, "serve", "docker", "--socket-addr=/run/docker/plugins/rclone.sock", ...files],
  ]);
  const plugin = execa(...command, { reject: false, all: true, env: { PATH: path } });
  let ended: string | undefined;
  plugin.then(({ all, shortMessage }) => {
    ended = all || shortMessage;
  });
  // An engine learns of a plugin at its first use, and the managers hear of it up to 20 s later.
  await poll(`the plugin answers on ${node.name}`, async () => {
    if (ended) throw new Error(ended);
    await node.docker("volume", "create", "--driver", "rclone", "--opt", "type=memory", "try");
    return true;
  });
  await node.docker("volume", "rm", "try");
  const plugins = "{{range .Description.Engine.Plugins}}{{.Name}}\n{{end}}";
  await poll(
    `the managers know of the plugin on ${node.name}`,
    async () =>
      (await manager.docker("node", "inspect", node.name, "--format", plugins)).split("\n").includes("rclone") ||
      undefined,
    { deadline: 60_000 },
  );
}

/** The program, and the PATH on which it finds what mounts for it. */
async function findRclone(): Promise<{ program: string; path: string }> {
  const [rclone, fuse] = [await debianPackage("rclone"), await debianPackage("fuse3")];
  return { program: join(rclone, "usr", "bin", "rclone"), path: `${join(fuse, "bin")}:${process.env.PATH}` };
}
