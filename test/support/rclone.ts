import { randomBytes } from "node:crypto";
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

/**
 * Starts a server of files at the switch of a network; it ends with the network.
 * @returns options of volumes that are on it, for rclone's plugin
 */
export async function serveSftp(network: NodeNetwork, folder: string): Promise<Record<string, string>> {
  const { program } = await findRclone();
  const port = 2022;
  const account = { "sftp-user": "registry", "sftp-pass": randomBytes(8).toString("hex") };
  const place = [`--addr=${network.address}:${port}`, `--cache-dir=${folder}-cache`, "--config=", folder];
  const login = [`--user=${account["sftp-user"]}`, `--pass=${account["sftp-pass"]}`];
  const command = network.inside(program, ["serve", "sftp", ...login, ...place]);
  const server = execa(...command, { reject: false, all: true });
  let ended: string | undefined;
  server.then(({ all, shortMessage }) => {
    ended = all || shortMessage;
  });
  await poll("the SFTP server listens", async () => {
    if (ended) throw new Error(ended);
    const look = network.inside("sh", ["-c", `ss -Htln sport = :${port} | grep -q .`]);
    return (await execa(...look, { reject: false, timeout })).failed ? undefined : true;
  });
  // As rclone writes passwords into its own configuration: no secret to anyone who has rclone.
  const { stdout } = await execa(program, ["obscure", account["sftp-pass"]], { timeout });
  return {
    type: "sftp",
    "sftp-host": network.address,
    "sftp-port": String(port),
    ...account,
    "sftp-pass": stdout,
    path: "/",
  };
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
