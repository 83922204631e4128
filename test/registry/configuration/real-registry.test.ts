import { connect } from "node:tls";
import { execa } from "execa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RegistryOptionsInput } from "../../../components/registry/configuration/registry-options.ts";
import type { StorageConfigurationInput } from "../../../components/registry/configuration/storage-configuration.ts";
import { pullManifest, pushImage, pushIncompleteIndex } from "./push.ts";
import { RealRegistry, specOf, until, whyNoRegistry } from "./real-registry.ts";

const missing = await whyNoRegistry();
const nasty = `[&#%: "'] $HOME {x} 100% ünï 漢字 😀 \\ true`;

describe
  .skipIf(missing)
  .concurrent(`the registry 3.1.2 reads what is rendered${missing ? ` (${missing})` : ""}`, () => {
    it("with all defaults: sends nosniff, opens one port, logs for production", async () => {
      await using registry = await RealRegistry.start(specOf({}));
      const answer = await registry.request("/v2/");
      expect(answer.status).toBe(200);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await registry.listeners()).toEqual([`${"0".repeat(32)}:1388`]);
      const log = await registry.log();
      expect(log).toContain("environment=production");
      expect(log).not.toContain("generated random secret");
      expect(log).not.toContain("level=debug");
    });

    it("returns any text of an untyped map as the same text", async () => {
      const texts = [
        ...[
          "",
          " ",
          "1e3",
          "0x1F",
          "017",
          "1_000",
          "1:30",
          ".5",
          "+1",
          "-",
          "~",
          "null",
          "yes",
          "Off",
          "2001-01-01",
          "<<",
          "=",
          "!!int 1",
        ],
        ...[
          "\u0000\u0007\t\r\n\u001b\u007f\u0085\u009f",
          "\u2028\u2029\ufeff\ufffe\uffff",
          "a\nb\n".repeat(30),
          "*a",
          "&a",
          "|",
          ">",
          "---",
        ],
        nasty,
        ...fc.sample(fc.string({ unit: "binary", maxLength: 60 }), 300).filter((value) => value.isWellFormed()),
        ...fc.sample(fc.string({ unit: "grapheme", maxLength: 200 }), 100),
      ];
      const names = ["yes", "n", "NULL", "True", "e1", "_1", ...texts.map((_, index) => `f${index}`)];
      const fields = Object.fromEntries(names.map((name, index) => [name, texts[index % texts.length] ?? ""]));
      await using registry = await RealRegistry.start(specOf({ log: { format: "json", fields } }));
      const lines = (await registry.log()).split("\n").filter((line) => line.startsWith("{"));
      const line = lines.map((json) => JSON.parse(json)).find((entry) => "f0" in entry);
      expect(line).toMatchObject(fields);
    });

    it.each(["1e3", "true", "null", "2001-01-01", nasty.replace(/\\ /, "")])(
      "asks for a password with realm %s",
      async (realm) => {
        const spec = specOf({ realm }, { htpasswd: { path: "/auth/htpasswd" } });
        await using registry = await RealRegistry.start(spec, { files: { "/auth/htpasswd": "" } });
        const answer = await registry.request("/v2/");
        expect(answer.status).toBe(401);
        const challenge = Buffer.from(answer.headers.get("www-authenticate") ?? "", "latin1").toString("utf8");
        expect(challenge).toBe(`Basic realm=${JSON.stringify(realm)}`);
      },
    );

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

    it("adds header fields, special characters and several values included", async () => {
      const headers = { "X-Text": `[&#%: "'] $HOME {x} 1e3`, "1e3": ["yes", "no"], "X-Content-Type-Options": "custom" };
      await using registry = await RealRegistry.start(specOf({ headers }));
      const answer = await registry.request("/v2/");
      expect(answer.headers.get("x-text")).toBe(headers["X-Text"]);
      expect(answer.headers.get("1e3")).toBe("yes, no");
      expect(answer.headers.get("x-content-type-options")).toBe("custom");
    });

    it.each<[string, RegistryOptionsInput, RegExp]>([
      ["the request's host by default", {}, /^http:\/\/127\.0\.0\.1:\d+\/v2\//],
      ["externalUrl", { externalUrl: "https://images.example.com:8443" }, /^https:\/\/images\.example\.com:8443\/v2\//],
      ["no host with relativeUrls", { relativeUrls: true }, /^\/v2\//],
    ])("sends clients on to %s", async (_, options, location) => {
      await using registry = await RealRegistry.start(specOf(options));
      const answer = await registry.request("/v2/moby/box/blobs/uploads/", { method: "POST" });
      expect(answer.headers.get("location")).toMatch(location);
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

    it.each([
      ["1.2", "TLSv1.1", false],
      ["1.2", "TLSv1.2", true],
      ["1.3", "TLSv1.2", false],
      ["1.3", "TLSv1.3", true],
    ] as const)("with minimumTls %s answers a %s client: %s", async (minimumTls, version, answers) => {
      const [certificate, key] = await selfSigned();
      const tls = { certificate: "/tls/registry.crt", key: "/tls/registry.key" };
      await using registry = await RealRegistry.start(specOf({ minimumTls }, { tls }), {
        files: { [tls.certificate]: certificate, [tls.key]: key },
        ready: async (started) => (await handshake(started, "TLSv1.3")) === "TLSv1.3",
      });
      expect(await handshake(registry, version)).toBe(answers ? version : "refused");
    });

    it("serves profiles and metrics on the container's loopback alone", async () => {
      await using registry = await RealRegistry.start(specOf({ debug: { prometheus: true } }));
      await until(async () => (await registry.listeners()).includes("0100007F:1389"));
      expect(await registry.listeners()).toHaveLength(2);
      expect(await registry.run("wget", "-qO-", "http://127.0.0.1:5001/metrics")).toContain(
        "registry_http_in_flight_requests",
      );
      await expect(registry.request("/metrics", { port: 5001 })).rejects.toThrow();
    });

    it("serves no metrics unless asked", async () => {
      await using registry = await RealRegistry.start(specOf({ debug: { port: 5001 } }));
      await until(async () => (await registry.listeners()).includes("0100007F:1389"));
      await expect(registry.run("wget", "-qO-", "http://127.0.0.1:5001/metrics")).rejects.toThrow("404");
    });

    it("is unhealthy while a file says so, or nothing answers", async () => {
      const never = { interval: "1h" };
      const health = {
        storage: { threshold: 1, interval: "5s" },
        files: [{ path: "/maintenance", interval: "1s" }],
        http: [{ url: "http://127.0.0.1:1/", status: 204, headers: { Authorization: `Bearer ${nasty}` }, ...never }],
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
              name: nasty,
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
        password: nasty,
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
      const proxy = { remoteUrl: "http://127.0.0.1:5000", username: "1e3", password: nasty, ttl: "0s" };
      await using cache = await RealRegistry.start(specOf({ proxy }, { port: 5001 }), {
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

    it("lets running requests end when it is stopped", async () => {
      await using registry = await RealRegistry.start(specOf({ drainTimeout: "7s" }));
      await registry.stop();
      expect(await registry.log()).toContain("stopping server gracefully. Draining connections for 7s");
    });
  });

describe
  .skipIf(missing)
  .concurrent(`the registry 3.1.2 and its storage drivers${missing ? ` (${missing})` : ""}`, () => {
    it("keeps images in a folder", async () => {
      const storage = { driver: "filesystem", rootDirectory: "/data: [1e3] #x", maxThreads: 50 } as const;
      await using registry = await RealRegistry.start(specOf({}, { storage }));
      await pushImage(registry, "moby/box", "one");
      const found = await registry.run("ls", `${storage.rootDirectory}/docker/registry/v2/repositories/moby`);
      expect(found.trim()).toBe("box");
    });

    it("signs requests to S3 with the keys given, bucket in the path, no redirect", async () => {
      const storage = {
        driver: "s3" as const,
        regionEndpoint: "http://127.0.0.1:9000",
        accessKey: "1e3",
        secretKey: nasty,
        bucket: "images",
        region: "yes",
      };
      await using registry = await RealRegistry.start(specOf({}, { storage }));
      expect(await registry.log()).toContain("backend redirection disabled");
      await captureOn(registry, 9000);
      const asked = registry.request("/v2/_catalog").catch(() => undefined);
      const request = await captured(registry, "Authorization");
      expect(request).toMatch(/^(GET|HEAD) \/images[/?]/);
      expect(request).toMatch(/Credential=1e3\/\d{8}\/yes\/s3\/aws4_request/);
      await asked;
    });

    it.each<[string, StorageConfigurationInput]>([
      [
        "S3 of Amazon",
        { driver: "s3", region: "eu-central-1", bucket: "images", storageClass: "STANDARD_IA", keyId: "1e3" },
      ],
      [
        "S3 with everything set",
        {
          driver: "s3",
          region: "us-east-1",
          regionEndpoint: "https://127.0.0.1:1",
          bucket: "1e3",
          accessKey: "0x1F",
          secretKey: nasty,
          rootDirectory: "/1_000",
          chunkSize: 5_242_880,
          multipartCopyChunkSize: 5_368_709_120,
          multipartCopyMaxConcurrency: 1,
          multipartCopyThresholdSize: 0,
          objectAcl: "bucket-owner-full-control",
          userAgent: nasty,
          v4Auth: false,
          skipVerify: true,
          redirectEndpoint: "https://cdn.example.com",
          logLevel: "debugwithrequesterrors",
        },
      ],
      [
        "Azure by key",
        { driver: "azure", accountName: "moby", container: "images", accountKey: "MTIzNA==", rootDirectory: "1e3" },
      ],
      [
        "Azure by service principal",
        {
          driver: "azure",
          accountName: "moby",
          container: "images",
          servicePrincipal: { tenantId: "yes", clientId: "1e3", secret: nasty },
        },
      ],
      [
        "Azure by default credentials",
        {
          driver: "azure",
          accountName: "moby",
          container: "images",
          serviceUrl: "http://127.0.0.1:1",
          skipVerify: true,
        },
      ],
    ])("starts with %s", async (_, storage) => {
      await using registry = await RealRegistry.start(specOf({}, { storage }));
      expect((await registry.request("/v2/")).status).toBe(200);
    });

    it.each([["credentials"], ["keyFile"]] as const)("starts with Google Cloud Storage by %s", async (way) => {
      const [, key] = await selfSigned();
      const account = {
        type: "service_account",
        client_email: "1e3",
        private_key: key,
        private_key_id: "1",
        client_id: "2",
      };
      const storage = {
        driver: "gcs" as const,
        bucket: "1e3",
        chunkSize: 262_144,
        maxConcurrency: 30,
        userAgent: nasty,
        ...(way === "credentials" ? { credentials: account } : { keyFile: "/gcs/key.json" }),
      };
      await using registry = await RealRegistry.start(specOf({}, { storage }), {
        files: { "/gcs/key.json": JSON.stringify(account) },
      });
      expect((await registry.request("/v2/")).status).toBe(200);
    });
  });

/** Listens inside the registry's container and keeps what arrives. */
async function captureOn(registry: RealRegistry, port: number): Promise<void> {
  // An open standard input keeps nc from ending the connection before the request is there.
  await registry.startCommand("sh", "-c", `sleep 60 | nc -l -p ${port} > /captured`);
  const suffix = `:${port.toString(16).toUpperCase()}`;
  await until(async () => (await registry.listeners()).some((listener) => listener.endsWith(suffix)));
}

/** What has arrived there, once it holds the text. */
async function captured(registry: RealRegistry, text: string): Promise<string> {
  await until(async () => (await registry.run("cat", "/captured")).includes(text));
  return registry.run("cat", "/captured");
}

/** The TLS version agreed on with a client that knows only this one, or "refused". */
async function handshake(registry: RealRegistry, version: "TLSv1.1" | "TLSv1.2" | "TLSv1.3"): Promise<string> {
  const [host, port] = (await registry.address()).split(":");
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port),
      rejectUnauthorized: false,
      minVersion: version,
      maxVersion: version,
      // Without it OpenSSL 3 refuses TLS 1.1 by itself.
      ciphers: "DEFAULT:@SECLEVEL=0",
    });
    socket.setTimeout(5000, () => socket.destroy(new Error("no handshake within 5 s")));
    socket.once("secureConnect", () => {
      resolve(socket.getProtocol() ?? "unknown");
      socket.destroy();
    });
    socket.once("error", () => resolve("refused"));
  });
}

/** A certificate for 127.0.0.1 and its key, as PEM. */
async function selfSigned(): Promise<[certificate: string, key: string]> {
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=registry"];
  const { stdout } = await execa("openssl", [...request, "-keyout", "-", "-out", "-"]);
  const blocks = stdout.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  const [key = "", certificate = ""] = blocks;
  return [`${certificate}\n`, `${key}\n`];
}
