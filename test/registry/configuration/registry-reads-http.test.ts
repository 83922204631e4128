import { connect } from "node:tls";
import { expect, it } from "vitest";
import type { RegistryOptionsInput } from "../../../components/registry/configuration/registry-options.ts";
import { describeWithRegistry } from "./describe-with-registry.ts";
import { RealRegistry, specOf, until } from "./real-registry.ts";
import { selfSigned } from "./self-signed.ts";

describeWithRegistry("the registry 3.1.2 on the network", () => {
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

  it.each<[string, RegistryOptionsInput, RegExp]>([
    ["the request's host by default", {}, /^http:\/\/127\.0\.0\.1:\d+\/v2\//],
    ["externalUrl", { externalUrl: "https://images.example.com:8443" }, /^https:\/\/images\.example\.com:8443\/v2\//],
    ["no host with relativeUrls", { relativeUrls: true }, /^\/v2\//],
  ])("sends clients on to %s", async (_, options, location) => {
    await using registry = await RealRegistry.start(specOf(options));
    const answer = await registry.request("/v2/moby/box/blobs/uploads/", { method: "POST" });
    expect(answer.headers.get("location")).toMatch(location);
  });

  it.each([
    ["1.2", "TLSv1.2", "TLSv1.1"],
    ["1.3", "TLSv1.3", "TLSv1.2"],
  ] as const)("with minimumTls %s answers a %s client and refuses a %s one", async (minimumTls, answered, refused) => {
    const [certificate, key] = await selfSigned();
    const tls = { certificate: "/tls/registry.crt", key: "/tls/registry.key" };
    await using registry = await RealRegistry.start(specOf({ minimumTls }, { tls }), {
      files: { [tls.certificate]: certificate, [tls.key]: key },
      ready: async (started) => (await handshake(started, "TLSv1.3")) === "TLSv1.3",
    });
    expect(await handshake(registry, answered)).toBe(answered);
    expect(await handshake(registry, refused)).toBe("refused");
  });

  it("serves profiles and metrics on the container's loopback alone", async () => {
    await using registry = await RealRegistry.start(specOf({ debug: { prometheus: true } }));
    await until(async () => (await registry.listeners()).includes("0100007F:1389"));
    expect(await registry.listeners()).toHaveLength(2);
    expect(await registry.run("wget", "-q", "-O", "-", "http://127.0.0.1:5001/metrics")).toContain(
      "registry_http_in_flight_requests",
    );
    await expect(registry.request("/metrics", { port: 5001 })).rejects.toThrow();
  });

  it("serves no metrics unless asked", async () => {
    await using registry = await RealRegistry.start(specOf({ debug: { port: 5001 } }));
    await until(async () => (await registry.listeners()).includes("0100007F:1389"));
    await expect(registry.run("wget", "-q", "-O", "-", "http://127.0.0.1:5001/metrics")).rejects.toThrow("404");
  });

  it("lets running requests end when it is stopped", async () => {
    await using registry = await RealRegistry.start(specOf({ drainTimeout: "7s" }));
    await registry.stop();
    expect(await registry.log()).toContain("stopping server gracefully. Draining connections for 7s");
  });
});

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
