import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execaSync } from "execa";
import { waitUntil } from "../../../engine/docker/common/wait-until.ts";
import { image } from "./plugins.ts";

/** Why there can be no daemon of our own here; undefined: there can. */
export const noSwarmReason = (() => {
  if (process.getuid?.() !== 0) return "needs root for a dockerd of its own";
  const missing = ["dockerd", "unshare", "ip", "docker-init"].filter(
    (tool) => execaSync("which", [tool], { reject: false }).exitCode !== 0,
  );
  return missing.length > 0 ? `needs ${missing.join(", ")}` : undefined;
})();

export interface SwarmDaemon {
  host: string;
  docker: Docker;
  stop(): Promise<void>;
}

/**
 * A Docker engine of our own, with a swarm of one node and the test image, in namespaces of its own: the host's
 * engine, networks and firewall stay as they are. Pulls fail at once, as its only nameserver refuses.
 */
export async function startSwarmDaemon(): Promise<SwarmDaemon> {
  const folder = await mkdtemp(join(tmpdir(), "rk-swarm-"));
  for (const name of ["run", "etc"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "etc", "daemon.json"), "{}");
  await writeFile(join(folder, "resolv.conf"), "nameserver 127.0.0.1\n");
  const socket = join(folder, "docker.sock");
  const script = `
    ip link set lo up
    hostname swarm-node
    mount --bind ${folder}/etc /etc/docker
    mount --bind ${folder}/resolv.conf /etc/resolv.conf
    mount --bind ${folder}/run /run/docker
    exec docker-init -- dockerd --data-root ${folder}/data --exec-root /run/docker \
      --pidfile /run/docker/d.pid -H unix://${socket}`;
  const namespaces = ["-n", "-m", "-u", "-p", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];
  const child = spawn("unshare", [...namespaces, "sh", "-c", script], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGKILL"); // takes everything in the namespaces with it
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  };
  try {
    const docker = new Docker({ socketPath: socket });
    const ready = await waitUntil(() => docker.ping().catch(() => undefined), { within: 60_000, every: 200 });
    if (!ready) throw new Error("the daemon did not come up within a minute");
    await copyImage(docker);
    await docker.swarmInit({ ListenAddr: "127.0.0.1:2377", AdvertiseAddr: "127.0.0.1" });
    return { host: `unix://${socket}`, docker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function copyImage(docker: Docker): Promise<void> {
  const archive = await new Docker().getImage(image).get();
  const progress = await docker.loadImage(archive);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
  });
}
