import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { deriveSettings } from "../../../scripts/throw-away/derive-settings.ts";

const own = {
  from: "dev",
  stack: "pr-1",
  created: "2026-11-21T12:00:00.000Z",
  name: "registry-pr-1-abcdef",
  port: 20001,
};

/** The settings that a throw-away stack gets from those of another one. */
function derived(given: Record<string, unknown>): Record<string, unknown> {
  const config = Object.fromEntries(Object.entries(given).map(([key, value]) => [`registry-kit:${key}`, value]));
  const { config: result } = parse(deriveSettings(JSON.stringify({ config }), own)) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [key.replace("registry-kit:", ""), value]));
}

describe("settings of a throw-away stack", () => {
  it("have names, port and volume of their own, and keep the rest", () => {
    expect(derived({ name: "registry", port: "5000", users: { moby: { generated: true } } })).toMatchObject({
      name: "registry-pr-1-abcdef",
      port: 20001,
      storage: { volume: { name: "registry-pr-1-abcdef-data", keep: false } },
      users: { moby: { generated: true } },
      ephemeral: { from: "dev", created: own.created },
    });
  });

  it("are those of one registry in a container, whatever the other stack is made of", () => {
    const caches = { hub: { upstream: "https://registry-1.docker.io", port: 5001 } };
    const settings = derived({ caches, service: {}, swarm: {}, rotation: { authority: 2 } });
    for (const key of ["caches", "service", "swarm", "rotation"]) expect(settings).not.toHaveProperty(key);
  });

  it("keep the registry's own configuration where there is one", () => {
    expect(derived({ registry: { readOnly: true } }).registry).toEqual({ readOnly: true });
  });

  it("do without what leads clients, web hooks, proxies or a cache to the other stack", () => {
    const registry = {
      readOnly: false,
      externalUrl: "https://registry.example.com",
      cache: "redis",
      redis: { addresses: ["redis.example.com:6379"] },
      notifications: { endpoints: [{ name: "deploy", url: "https://deploy.example.com" }] },
    };
    const container = { memory: 512, labels: { "traefik.http.routers.registry.rule": "Host(`registry.example.com`)" } };
    expect(derived({ registry, container })).toMatchObject({
      registry: { readOnly: false },
      container: { memory: 512 },
    });
    const text = JSON.stringify(derived({ registry: JSON.stringify(registry), container }));
    expect(text).not.toMatch(/example\.com|redis/);
    expect(derived({ registry: { secure: "v1:abc" } }).registry).toEqual({ secure: "v1:abc" });
    expect(derived({ registry: { cache: "none" } }).registry).toEqual({ cache: "none" });
  });

  it.each([
    ["swarm", "local"],
    ["none", "none"],
    [{ nodes: { a: { ssh: "ssh://a" } }, certsDirectory: "/etc/certs.d" }, { certsDirectory: "/etc/certs.d" }],
    [
      { clients: ["podman"], rootless: true, insecureRegistries: ["a:1"], nodes: {} },
      { clients: ["podman"], rootless: true },
    ],
  ])("make trust %j into %j: this machine's at most", (given, expected) => {
    expect(derived({ trust: given }).trust).toEqual(expected);
  });

  it("trust without TLS with Docker alone: the reaper would leave what allows plain HTTP to other clients", () => {
    expect(derived({ tls: "none", trust: { clients: ["podman"] } }).trust).toBe("local");
  });
});
