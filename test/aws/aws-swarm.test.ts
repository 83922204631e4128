import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secretsFolder } from "../../components/registry/service-arguments.ts";
import type { DockerNode } from "../support/docker-node.ts";
import { type DockerSwarm, startSwarm } from "../support/docker-swarm.ts";
import { networkClient } from "../support/network-client.ts";
import { dockerNodeObstacle } from "../support/node-network.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { pullImage, pushRandomImage } from "../support/registry-api.ts";
import { registryImage } from "../support/start-registry.ts";
import { withoutAws } from "./aws-account.ts";
import { type Moto, startMoto } from "./moto.ts";
import { testProvider, useEmulator } from "./use-emulator.ts";

const obstacle = withoutAws ?? (await dockerNodeObstacle(registryImage));
const title = `A swarm service on a bucket that the stack makes, on moto${obstacle ? ` (skipped: ${obstacle})` : ""}`;
const port = 5000;
const user = { name: "moby", password: "moby's password" };

describe.skipIf(obstacle)(title, { timeout: 120_000 }, () => {
  let swarm: DockerSwarm<["manager"]>;
  let node: DockerNode;
  let moto: Moto;
  let copy: ProjectCopy;

  beforeAll(async () => {
    swarm = await startSwarm(["manager"]);
    [node] = swarm.nodes;
    moto = await startMoto(swarm.network.address, swarm.network.pid);
    copy = await ProjectCopy.make({
      engine: "builtin",
      stack: "swarm",
      node,
      settings: {
        docker: { url: `unix://${node.socket}` },
        hosts: [node.address],
        port,
        users: { [user.name]: { password: user.password, cost: 4 } },
        storage: { aws: { endpoint: moto.endpoint, authority: moto.authority } },
        service: { publish: "host", health: { interval: "1s", startPeriod: "2s" }, update: { monitor: "2s" } },
        trust: "none",
      },
    });
    // The creator of the bucket; the rights are those of registry-rights.test.ts.
    useEmulator(copy, moto, { accessKey: "operator", secretKey: "operator" });
  });
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    await moto?.[Symbol.asyncDispose]();
    await swarm?.[Symbol.asyncDispose]();
  });

  it("takes images, and its access key is in a swarm secret and nowhere else", async () => {
    const { exitCode, all } = await copy.run("up", ["--no-verify"], { env: testProvider });
    expect(exitCode, all).toBe(0);
    await using client = await networkClient(swarm.network);
    const { caCertificate: authority } = (await copy.outputs()) as { caCertificate: string };
    const options = { authority, user: `${user.name}:${user.password}`, timeout: 20_000 };
    const api = { curl: client.curl, places: [`https://${node.address}:${port}`], options };
    await pullImage(api, await pushRandomImage(api, "team/image", { bytes: 6_000_000, chunks: 2 }));
    const { id, secret } = await storeKey();
    const inspections = [node.docker("service", "inspect", copy.name), node.docker("inspect", await task())];
    for (const text of await Promise.all(inspections)) {
      expect(text).not.toContain(id);
      expect(text).not.toContain(secret);
    }
  });

  const task = () => node.docker("ps", "--quiet", "--filter", `label=com.docker.swarm.service.name=${copy.name}`);

  /** What the running task reads. */
  async function storeKey(): Promise<{ id: string; secret: string }> {
    const text = await node.docker("exec", await task(), "cat", `${secretsFolder}/config.yml`);
    const value = (key: string) => new RegExp(`${key}: "?([^"\\s]+)`).exec(text)?.[1] ?? "";
    const found = { id: value("accesskey"), secret: value("secretkey") };
    expect(found.id).toMatch(/^AKIA/);
    expect(found.secret).toHaveLength(40);
    return found;
  }
});
