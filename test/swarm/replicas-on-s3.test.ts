import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DockerNode } from "../support/docker-node.ts";
import { dockerNodeObstacle } from "../support/node-network.ts";
import { poll } from "../support/poll.ts";
import type { ApiClient, PushedImage } from "../support/registry-api.ts";
import { asking, pullImage, pushRandomImage } from "../support/registry-api.ts";
import { RequestLoad } from "../support/request-load.ts";
import type { S3Server } from "../support/s3-server.ts";
import { s3ServerObstacle, startS3Server } from "../support/s3-server.ts";
import { registryImage } from "../support/start-registry.ts";
import type { RegistrySwarm } from "./registry-swarm.ts";
import { awaitTasks, startRegistrySwarm } from "./registry-swarm.ts";

const obstacle = (await dockerNodeObstacle(registryImage)) ?? (await s3ServerObstacle());
const title = "Two replicas on an S3 server";
const bucket = "images";

describe.skipIf(obstacle)(`${title}${obstacle ? ` (skipped: ${obstacle})` : ""}`, { timeout: 120_000 }, () => {
  let s3: S3Server;
  let swarm: RegistrySwarm<["manager", "manager", "manager"]>;
  let first: DockerNode;
  let second: DockerNode;
  let third: DockerNode;

  beforeAll(async () => {
    swarm = await startRegistrySwarm({
      roles: ["manager", "manager", "manager"],
      engine: "builtin",
      async settings({ network, nodes: [one, other] }) {
        s3 = await startS3Server({ address: network.address, networkOf: network.pid, buckets: [bucket] });
        // The third node is for the time when another one is dead.
        for (const { name } of [one, other]) await one.docker("node", "update", "--label-add", "registry=true", name);
        const { endpoint: regionEndpoint, region, accessKey, secretKey } = s3;
        return {
          storage: { s3: { bucket, region, regionEndpoint, accessKey, secretKey } },
          service: {
            replicas: 2,
            publish: "host",
            placement: { constraints: ["node.labels.registry==true"], maxPerNode: 1 },
            health: { interval: "1s", startPeriod: "2s" },
            update: { monitor: "2s" },
          },
        };
      },
    });
    [first, second, third] = swarm.nodes;
  });
  afterAll(async () => {
    await swarm?.[Symbol.asyncDispose]();
    await s3?.[Symbol.asyncDispose]();
  });

  it("take the chunks of one upload in turns, and both have the image", async () => {
    const image = await pushRandomImage(await swarm.api(first, second), "team/chunks", { bytes: 3_000_000, chunks: 5 });
    for (const node of [first, second]) await pullImage(await swarm.api(node), image);
  });

  it("would not without the http.secret that they share", async () => {
    const both = { curl: swarm.client.curl, places: await startWithoutSecret(), options: {} };
    await expect(pushRandomImage(both, "team/chunks", { chunks: 3 })).rejects.toThrow(
      /HTTP 404: .*BLOB_UPLOAD_INVALID.*invalid secret/,
    );
    await pushRandomImage({ ...both, places: both.places.slice(0, 1) }, "team/chunks", { chunks: 3 });
    await first.docker("service", "rm", "without-secret");
  });

  it.for([
    ["certificate", { "rotation.certificate": 2 }],
    ["http.secret", { "rotation.httpSecret": 2 }],
    ["htpasswd", { "users.gordon": { password: "gordon's password", cost: 4 } }],
  ] as const)("a new %s fails no request of a client that retries once", async ([, change], { annotate }) => {
    const secrets = async () => (await first.docker("secret", "ls", "--quiet")).split("\n");
    const before = await secrets();
    const clients = {
      node1: await swarm.api(first),
      node2: await swarm.api(second),
      retrying: { ...(await swarm.api(first, second)), retries: 1 },
    };
    const loads = Object.entries(clients).map(([name, client]) => ({ name, load: loadOf(client, 5) }));
    await swarm.up(change);
    const results = await Promise.all(loads.map(async ({ name, load }) => ({ name, ...(await load.end()) })));
    await annotate(
      results
        .map(({ name, sent, failures, gap }) => `${name}: ${failures.length} of ${sent} failed, gap ${gap} ms`)
        .join("; "),
    );
    const after = await secrets();
    expect(after).toHaveLength(before.length);
    expect(after).not.toEqual(before);
    const [one, other, retrying] = results;
    expect(retrying?.failures).toEqual([]);
    expect(retrying?.sent).toBeGreaterThan(50);
    for (const result of [one, other]) expect(result?.gap, result?.name).toBeLessThan(10_000);
  });

  it("lose no acknowledged push when a node dies; images stay pullable, and a replacement runs", async ({
    annotate,
  }) => {
    await first.docker("node", "update", "--label-add", "registry=true", third.name);
    const pushed: PushedImage[] = [];
    const refused: string[] = [];
    const end = performance.now() + 15_000;
    const push = async (client: ApiClient) => {
      while (performance.now() < end || pushed.length <= 20) {
        await pushRandomImage(client, "team/pushed", { bytes: 200_000, chunks: 2 }).then(
          (image) => pushed.push(image),
          (error: Error) => refused.push(error.message),
        );
      }
    };
    const persistent = { retries: 3, stays: true };
    const anywhere = { ...(await swarm.api(second, first, third)), ...persistent };
    const work = [push({ ...(await swarm.api(first, third)), ...persistent }), push(anywhere)];
    await poll("some images are pushed", () => (pushed.length > 10 ? true : undefined));
    const killed = performance.now();
    const since = () => Math.round(performance.now() - killed);
    await second.powerOff();
    await poll("an image is pullable", () => pullImage(anywhere, pushed[0] as PushedImage).then(() => true));
    const pullable = since();
    await awaitTasks(first, swarm.copy.name, [first, third], 2);
    const replaced = since();
    await Promise.all(work);

    const survivors = [await swarm.api(first), await swarm.api(third)] as const;
    for (const survivor of survivors)
      await poll("it answers", () => pullImage(survivor, pushed[0] as PushedImage).then(() => true));
    for (const [index, image] of pushed.entries()) await pullImage(survivors[index % 2 ? 0 : 1], image);
    await annotate(
      `${pushed.length} pushes acknowledged, ${refused.length} refused; pullable after ${pullable} ms, a replacement after ${replaced} ms`,
    );
    expect(pushed.length).toBeGreaterThan(20);
    expect(pullable).toBeLessThan(30_000);
  });

  it("answer while the leader of the swarm is dead, until there is another, and after that", async () => {
    const nodes = (node: DockerNode) =>
      node.docker("node", "ls", "--format", "{{.Hostname}} {{.Status}} {{.ManagerStatus}}").catch(() => "");
    await second.powerOn();
    await poll("the dead node is back", async () =>
      (await nodes(first)).includes("node2 Ready Reachable") ? true : undefined,
    );
    expect(await nodes(third)).toMatch(/^node1 Ready Leader$/m);
    await first.powerOff();
    const load = loadOf({ ...(await swarm.api(third, second)), retries: 1, stays: true }, 10);
    await poll(
      "there is another leader",
      async () => (/^node[23] Ready Leader$/m.test(await nodes(third)) ? true : undefined),
      {
        deadline: 60_000,
      },
    );
    const { sent, failures } = await load.end();
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThan(10);
  });

  /** The same but for http.secret, by hand and without TLS and users; returns where its two replicas are. */
  async function startWithoutSecret(): Promise<string[]> {
    const storage = {
      ACCESSKEY: s3.accessKey,
      SECRETKEY: s3.secretKey,
      REGION: s3.region,
      REGIONENDPOINT: s3.endpoint,
      BUCKET: bucket,
      ROOTDIRECTORY: "without-secret",
      FORCEPATHSTYLE: "true",
    };
    const environment = Object.entries(storage).map(([key, value]) => `REGISTRY_STORAGE_S3_${key}=${value}`);
    const variables = ["REGISTRY_STORAGE=s3", ...environment].flatMap((variable) => ["--env", variable]);
    const place = ["--constraint", "node.labels.registry==true", "--replicas", "2", "--replicas-max-per-node", "1"];
    const published = ["--publish", "mode=host,target=5000,published=5001"];
    const name = ["--detach", "--no-resolve-image", "--name", "without-secret", registryImage];
    await first.docker("service", "create", ...place, ...published, ...variables, ...name);
    const places = [first, second].map(({ address }) => `http://${address}:5001`);
    for (const url of places) await poll("it answers", () => swarm.client.curl(`${url}/v2/`));
    return places;
  }
});

/** Asks steadily whether the registry is there. Slowness of a busy machine is no failure: a refused connection is. */
function loadOf(client: ApiClient, perSecond: number): RequestLoad {
  const ask = asking({ ...client, options: { ...client.options, timeout: 20_000 } });
  return new RequestLoad(perSecond, async () => (await ask("/v2/")).status);
}
