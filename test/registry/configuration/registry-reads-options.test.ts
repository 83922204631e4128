import { expect, it } from "vitest";
import type { RegistryOptionsInput } from "../../../components/registry/configuration/registry-options.ts";
import { captured, captureOn } from "./capture.ts";
import { awkwardText, describeWithRegistry } from "./describe-with-registry.ts";
import { pullManifest, pushImage, pushIncompleteIndex } from "./push.ts";
import { RealRegistry, specOf, until } from "./real-registry.ts";
import { selfSigned } from "./self-signed.ts";

describeWithRegistry("options that the registry 3.1.2 reads", () => {
  it("logs errors alone, and no requests, when told so", async () => {
    await using registry = await RealRegistry.start(specOf({ log: { level: "error", accessLog: false } }));
    await registry.request("/v2/");
    expect(await registry.log()).toBe("");
  });

  it("logs requests by default", async () => {
    await using registry = await RealRegistry.start(specOf({ log: { format: "logstash" } }));
    await registry.request("/v2/");
    await until(async () => (await registry.log()).includes('"GET /v2/ HTTP/1.1" 200'));
  });

  it("deletes by default, and purges and looks tags up as told", async () => {
    const options = { uploadPurging: { age: "1h30m", interval: "500s" }, tagLookupConcurrency: 3 };
    await using registry = await RealRegistry.start(specOf(options));
    const digest = await pushImage(registry, "moby/box", "one");
    const answer = await registry.request(`/v2/moby/box/manifests/${digest}`, { method: "DELETE" });
    expect(answer.status).toBe(202);
  });

  it("refuses to delete when told so", async () => {
    await using registry = await RealRegistry.start(specOf({ delete: false, uploadPurging: { enabled: false } }));
    const digest = await pushImage(registry, "moby/box", "one");
    const answer = await registry.request(`/v2/moby/box/manifests/${digest}`, { method: "DELETE" });
    expect(answer.status).toBe(405);
  });

  it("refuses pushes when read-only", async () => {
    await using registry = await RealRegistry.start(specOf({ readOnly: true, cache: "none" }));
    const answer = await registry.request("/v2/moby/box/blobs/uploads/", { method: "POST" });
    expect(answer.status).toBe(405);
  });

  it("lists no more repositories and tags than told", async () => {
    await using registry = await RealRegistry.start(specOf({ catalog: { maxEntries: 1 }, maxTags: 2 }));
    await pushImage(registry, "moby/a", "one");
    await pushImage(registry, "moby/b", "one");
    expect(await (await registry.request("/v2/_catalog")).json()).toEqual({ repositories: ["moby/a"] });
    expect((await registry.request("/v2/_catalog?n=2")).status).toBe(400);
    await pushImage(registry, "moby/b", "three");
    await pushImage(registry, "moby/b", "two");
    expect(await (await registry.request("/v2/moby/b/tags/list?n=3")).json()).toMatchObject({
      tags: ["one", "three"],
    });
  });

  it("is unhealthy while a file says so, or nothing answers", async () => {
    const never = { interval: "1h" };
    const health = {
      storage: { threshold: 1, interval: "5s" },
      files: [{ path: "/maintenance", interval: "1s" }],
      http: [
        { url: "http://127.0.0.1:1/", status: 204, headers: { Authorization: `Bearer ${awkwardText}` }, ...never },
      ],
      tcp: [{ address: "[::1]:1", timeout: "1s", ...never }],
    };
    await using registry = await RealRegistry.start(specOf({ health }));
    await registry.run("touch", "/maintenance");
    await until(async () => (await registry.request()).status === 503);
    await registry.run("rm", "/maintenance");
    await until(async () => (await registry.request()).status === 200);
  });

  it("tells a web hook of a push, with the header it was given", async () => {
    const options: RegistryOptionsInput = {
      notifications: {
        includeReferences: true,
        endpoints: [
          {
            name: awkwardText,
            url: "http://127.0.0.1:9000/events?x=1",
            headers: { Authorization: "Bearer 0123:[&#%" },
            timeout: "2s",
            ignoreActions: ["pull"],
            ignoreMediaTypes: ["application/octet-stream"],
          },
        ],
      },
    };
    await using registry = await RealRegistry.start(specOf(options));
    await captureOn(registry, 9000);
    await pushImage(registry, "moby/box", "one");
    const request = await captured(registry, "moby/box");
    expect(request).toContain("POST /events?x=1 ");
    expect(request).toContain("Authorization: Bearer 0123:[&#%\r");
  });

  it("accepts a Redis that isn't up yet", async () => {
    const redis = {
      addresses: ["127.0.0.1:6379"],
      username: "1e3",
      password: awkwardText,
      database: 2,
      poolSize: 5,
      maxIdleConnections: 2,
      maxIdleTime: "5m",
      dialTimeout: "10ms",
      readTimeout: "10ms",
      writeTimeout: "10ms",
    };
    await using registry = await RealRegistry.start(specOf({ cache: "redis", redis }));
    expect(await registry.log()).toContain("using redis blob descriptor cache");
  });

  it("connects to Redis by TLS and by sentinels", async () => {
    const [certificate] = await selfSigned();
    const redis = {
      addresses: ["127.0.0.1:26379", "[::1]:26379"],
      masterName: "1e3",
      sentinelUsername: "yes",
      sentinelPassword: "1_000",
      tls: { rootCas: ["/tls/ca.crt"] },
    };
    await using registry = await RealRegistry.start(specOf({ cache: "redis", redis }), {
      files: { "/tls/ca.crt": certificate },
    });
    expect(await registry.log()).not.toContain("could not add CA");
  });

  it("caches what another registry has", async () => {
    await using upstream = await RealRegistry.start(specOf({}));
    const digest = await pushImage(upstream, "moby/box", "one");
    const proxied = { url: "http://127.0.0.1:5000", ttl: "0s", credentialHelper: "/never/asked" };
    await using cache = await RealRegistry.start(specOf({}, { port: 5001, upstream: proxied }), {
      beside: upstream,
      ready: async (started) => (await started.request("/", { port: 5001 }).catch(() => undefined))?.status === 200,
    });
    const answer = await pullManifest(cache, "/v2/moby/box/manifests/one", 5001);
    expect(answer.headers.get("docker-content-digest")).toBe(digest);
    expect(await cache.log()).toContain("Registry configured as a proxy cache to http://127.0.0.1:5000");
  });

  it.each<[string, RegistryOptionsInput["validation"], number]>([
    ["all platforms by default", {}, 400],
    ["no platforms", { platforms: "none" }, 201],
    ["the platforms listed", { platforms: [{ os: "linux", architecture: "amd64" }] }, 400],
    ["not the platforms not listed", { platforms: [{ os: "linux", architecture: "arm64" }] }, 201],
    ["nothing when off", { enabled: false, urls: { allow: ["^https://"], deny: ["[&#%:]"] } }, 201],
  ])("checks an index for %s", async (_, validation, status) => {
    await using registry = await RealRegistry.start(specOf(validation ? { validation } : {}));
    expect((await pushIncompleteIndex(registry, "moby/box")).status).toBe(status);
  });
});
