import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { prove } from "../scripts/proof/registry-scenario.ts";
import { curl } from "../support/curl.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import type { PushedImage } from "../support/registry-api.ts";
import { pullImage, pushRandomImage, randomText } from "../support/registry-api.ts";
import { startNetwork } from "../support/start-network.ts";
import type { TestRegistry } from "../support/start-registry.ts";
import { startRegistry } from "../support/start-registry.ts";

/** Seconds that a cached image is kept. */
const ttl = 8;

describeWithDocker("A cache with two images of the same layer, one of which expires", () => {
  let network: Awaited<ReturnType<typeof startNetwork>>;
  let upstream: TestRegistry;
  let copy: ProjectCopy;
  /** A cache made by hand that remembers the descriptors of its layers, as Distribution's example configuration has it. */
  let remembering: TestRegistry;
  let images: Record<"app" | "other", PushedImage>;

  beforeAll(async () => {
    network = await startNetwork();
    upstream = await startRegistry({ network: network.name });
    const client = { curl, places: [upstream.url], options: {} };
    const layer = randomText(100_000);
    images = {
      app: await pushRandomImage(client, "team/app", { layer }),
      other: await pushRandomImage(client, "team/other", { layer }),
    };
    const url = `http://${upstream.address}:5000`;
    remembering = await startRegistry({
      network: network.name,
      storage: { filesystem: { rootdirectory: "/var/lib/registry" }, cache: { blobdescriptor: "inmemory" } },
      environment: [`REGISTRY_PROXY_REMOTEURL=${url}`, `REGISTRY_PROXY_TTL=${ttl}s`],
    });
    copy = await ProjectCopy.make({ stack: "mirror", engine: "builtin", settings: { tls: "none", trust: "none" } });
    const caches = { up: { upstream: url, port: copy.port, ttl: `${ttl}s`, insecure: "i-understand" } };
    copy.change({ port: undefined, caches, insecure: "i-understand", container: { networks: [network.name] } });
    const { exitCode, all } = await copy.run("up", ["--no-verify"]);
    expect(exitCode, all).toBe(0);
  });
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    for (const thing of [remembering, upstream, network]) await thing?.[Symbol.asyncDispose]();
  });

  it("serves the other one whole, and verify sees the cache that does not", async () => {
    const kits = { curl, places: [`http://${copy.place}`], options: {} };
    const byHand = { curl, places: [remembering.url], options: {} };
    const both = (image: PushedImage) => Promise.all([kits, byHand].map((cache) => pullImage(cache, image)));
    await both(images.app);
    await sleep((ttl / 2) * 1000);
    await both(images.other);
    await sleep((ttl / 2 + 1) * 1000);
    await pullImage(kits, images.other);
    await expect(pullImage(byHand, images.other)).rejects.toThrow();
    const results = await prove({
      hosts: ["127.0.0.1"],
      port: remembering.port,
      tls: undefined,
      users: [],
      container: { id: remembering.id, docker: {} },
      docker: {},
      secrets: [],
      upstream: { url: upstream.url, probe: undefined },
    });
    expect(results["cached layers"]).toMatch(/^FAILED: team\/other@sha256:.*: 200 with nothing in it/);
    const { all } = await copy.run("verify");
    expect(all).toMatch(/ok +(up: )?cached layers/);
  });
});
