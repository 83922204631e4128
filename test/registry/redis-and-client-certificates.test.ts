import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorityExtensions, opensslIssue } from "../certificates/openssl-issue.ts";
import type { DockerNode } from "../support/docker-node.ts";
import type { NodeNetwork } from "../support/node-network.ts";
import { dockerNodeObstacle, nodeNetwork } from "../support/node-network.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import type { TlsRedis } from "../support/redis-server.ts";
import { redisObstacle, startTlsRedis } from "../support/redis-server.ts";
import { registryImage } from "../support/start-registry.ts";

const obstacle = (await dockerNodeObstacle(registryImage)) ?? (await redisObstacle());
const title = `A Redis that takes TLS only, by PEM text in the settings${obstacle ? ` (skipped: ${obstacle})` : ""}`;

describe.skipIf(obstacle)(title, { timeout: 180_000 }, () => {
  let network: NodeNetwork;
  let node: DockerNode;
  let redis: TlsRedis;
  let copy: ProjectCopy;
  let writes: number;

  beforeAll(async () => {
    network = await nodeNetwork();
    node = await network.startNode();
    await node.load(registryImage);
    redis = await startTlsRedis(network, node.folder);
    copy = await ProjectCopy.make({ node, engine: "builtin", settings: { hosts: [node.address], trust: "local" } });
    const tls = { rootCas: [redis.authority], certificate: redis.client.certificate, key: redis.client.key };
    const settings = { addresses: [redis.address], password: redis.password, tls };
    copy.change({ address: node.address, registry: { cache: "redis", redis: settings } });
  });
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    await network?.[Symbol.asyncDispose]();
  });

  const run = (command: string, ...args: string[]) => copy.run(command, ["--verbose", ...args], { timeout: 170_000 });

  it("serves a container, as the proof shows", async () => {
    const { exitCode, all } = await run("up");
    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/^ok +Redis answers/m);
    writes = await redis.writes();
    expect(writes).toBeGreaterThan(0);
  });

  it("is named by the proof where its authority is another one", async () => {
    const before = copy.settingsText();
    const { certificate } = await opensslIssue(node.folder, "other", { extensions: authorityExtensions });
    copy.change({ "registry.redis.tls.rootCas": [certificate] });
    const { exitCode, all } = await run("up");
    copy.restore(before);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/^FAILED +Redis answers .*192\.168\.77\.254:6380.*certificate signed by unknown authority/m);
  });

  it("serves a service, which asks its clients for certificates too", async () => {
    const down = await run("down", "--yes");
    expect(down.exitCode, down.all).toBe(0);
    const authority = await opensslIssue(node.folder, "clients", { extensions: authorityExtensions });
    const extensions = ["basicConstraints=CA:FALSE", "extendedKeyUsage=clientAuth"];
    const { certificate, key } = await opensslIssue(node.folder, "client", { extensions, by: "clients" });
    // As docs/client-certificates.md has it: the kit hands out no keys of clients.
    const place = join(node.certsDirectory, `${node.address}:${copy.port}`);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "client.cert"), certificate);
    await writeFile(join(place, "client.key"), key, { mode: 0o600 });
    copy.change({
      address: undefined,
      service: { user: "10001:10001", publish: "host", health: { interval: "1s" }, update: { monitor: "1s" } },
      swarm: { initialize: true, advertiseAddress: node.address },
      tls: { clients: { authorities: authority.certificate, certificate, privateKey: key } },
    });
    const { exitCode, all } = await run("up");
    expect(exitCode, all).toBe(0);
    expect(all).toMatch(/^ok +Redis answers/m);
    expect(await redis.writes()).toBeGreaterThan(writes);
    await expect(run("preview", "--refresh", "--expect-no-changes")).resolves.toMatchObject({ exitCode: 0 });
  });
});
