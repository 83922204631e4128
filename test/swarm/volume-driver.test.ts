import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DockerNode } from "../support/docker-node.ts";
import { dockerNodeObstacle } from "../support/node-network.ts";
import { poll } from "../support/poll.ts";
import { rcloneObstacle, serveSftp, startRclonePlugin } from "../support/rclone.ts";
import type { PushedImage } from "../support/registry-api.ts";
import { pullImage, pushRandomImage } from "../support/registry-api.ts";
import { registryImage } from "../support/start-registry.ts";
import type { RegistrySwarm } from "./registry-swarm.ts";
import { awaitTasks, startRegistrySwarm } from "./registry-swarm.ts";

const obstacle = (await dockerNodeObstacle(registryImage)) ?? (await rcloneObstacle());
const title = "One replica on a volume of rclone's plugin, over SFTP";

describe.skipIf(obstacle)(`${title}${obstacle ? ` (skipped: ${obstacle})` : ""}`, { timeout: 120_000 }, () => {
  let swarm: RegistrySwarm<["manager", "worker"]>;
  let nodes: [DockerNode, DockerNode];

  beforeAll(async () => {
    swarm = await startRegistrySwarm({
      roles: ["manager", "worker"],
      engine: "builtin",
      async settings({ network, nodes }) {
        const folder = join(nodes[0].folder, "..", "sftp");
        await mkdir(folder);
        const options = await serveSftp(network, folder);
        await Promise.all(nodes.map((node) => startRclonePlugin(node, nodes[0])));
        const driverOptions = { ...options, "vfs-cache-mode": "writes", "vfs-write-back": "0s" };
        return {
          storage: { volume: { name: "images", driver: "rclone", driverOptions } },
          service: { publish: "host", health: { interval: "1s", startPeriod: "5s" } },
        };
      },
    });
    nodes = swarm.nodes;
  });
  afterAll(() => swarm?.[Symbol.asyncDispose]());

  it("keeps its images when the node is drained and another one takes over", async ({ annotate }) => {
    const [manager] = nodes;
    const running = async (count = 1) => await awaitTasks(manager, swarm.copy.name, nodes, count);
    const [before] = (await running()) as [DockerNode];
    const [after] = nodes.filter((node) => node !== before) as [DockerNode];
    const images: PushedImage[] = [];
    for (let i = 0; i < 3; i++)
      images.push(await pushRandomImage(await swarm.api(before), "team/kept", { bytes: 1_000_000 }));

    await manager.docker("node", "update", "--availability", "drain", before.name);
    const drained = performance.now();
    await poll("the other node has it", async () => ((await running())[0] === after ? true : undefined), {
      deadline: 60_000,
    });
    const api = await swarm.api(after);
    await poll("it answers", () => pullImage(api, images.at(-1) as PushedImage).then(() => true));
    const pullable = Math.round(performance.now() - drained);
    for (const image of images) await pullImage(api, image);
    await pushRandomImage(api, "team/kept");
    await annotate(`pullable ${pullable} ms after the drain`);
    expect(pullable).toBeLessThan(60_000);
  });
});
