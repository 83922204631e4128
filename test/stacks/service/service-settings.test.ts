import { describe, expect, it } from "vitest";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

type Given = Record<string, unknown>;

const load = (given: Given) => testSettings({ hosts: ["127.0.0.1"], service: {}, ...given }, { stack: "swarm" });
const problems = (given: Given) => settingsProblems(() => load(given));

function rclone(driverOptions: Record<string, string>): Given {
  return { storage: { volume: { driver: "rclone", driverOptions } } };
}

describe("The service section", () => {
  it("has a default for everything", () => {
    expect(load({}).service).toMatchObject({
      replicas: 1,
      publish: "ingress",
      memory: 1024,
      restart: { condition: "any", delay: "5s" },
      health: { interval: "5s", retries: 3 },
      update: { parallelism: 1, maxFailureRatio: 0 },
      timeout: "5m",
    });
  });

  it.each<[string, Given, string[]]>([
    ["a container beside it", { container: { memory: 512 } }, ["container and service are two ways"]],
    ["an address, as a swarm publishes on all", { address: "192.0.2.1" }, ["address is 192.0.2.1, but a swarm"]],
    ["how a swarm is made, without it", { service: undefined, swarm: {} }, ["swarm says how a swarm is made"]],
    ["two replicas on a volume", { service: { replicas: 2 } }, ["service.replicas is 2, but images are in a volume"]],
    [
      "a task on every node with a folder",
      { service: { replicas: "global" }, storage: { bindMount: { path: "/srv" } } },
      ["service.replicas is global, but images are in a folder"],
    ],
    [
      "start-first with a volume",
      { service: { update: { order: "start-first" } } },
      ["service.update.order is start-first, so that two registries"],
    ],
    [
      "start-first with host ports",
      { service: { publish: "host", update: { order: "start-first" } } },
      ["service.update.order is start-first, but with publish: host", "service.update.order is start-first, so that"],
    ],
    [
      "a network with the name of the caches' own",
      {
        service: { network: { name: "registry-network" } },
        caches: { hub: { upstream: "https://registry-1.docker.io", port: 5001 } },
      },
      ["service.network.name is registry-network, the network of the stack's caches"],
    ],
    [
      "a volume that goes with the stack",
      { storage: { volume: { keep: false } } },
      ["storage.volume.keep is false, but volumes of a service"],
    ],
    [
      "less time to end than to drain",
      { service: { stopGrace: "30s" } },
      ["service.stopGrace is 30s; it must be longer than registry.drainTimeout (30s)"],
    ],
    [
      "rclone without a cache",
      rclone({ "sftp-host": "a", "vfs-write-back": "0s" }),
      ["storage.volume.driverOptions has vfs-cache-mode off"],
    ],
    [
      "rclone that writes back later",
      rclone({ vfs_cache_mode: "writes" }),
      ["storage.volume.driverOptions has vfs-write-back 5s"],
    ],
    [
      "rclone over S3",
      rclone({ type: "s3", "vfs-cache-mode": "full", "vfs-write-back": "0s" }),
      ["storage.volume.driverOptions make rclone keep images in S3"],
    ],
    [
      "rclone over S3 by its connection string",
      rclone({ remote: ":s3,provider=Minio:b" }),
      ["storage.volume.driverOptions make rclone"],
    ],
    [
      "a file among the secrets",
      { service: { files: { "/run/secrets/x": "text" } } },
      ["service.files has /run/secrets/x"],
    ],
    [
      "a file that is too large for a config",
      { service: { files: { "/etc/x": "x".repeat(512_000) } } },
      ["service.files./etc/x needs 512000 bytes"],
    ],
    [
      "more users than fit into a secret",
      { users: Object.fromEntries(Array.from({ length: 8000 }, (_, i) => [`u${i}`, { generated: true }])) },
      ["users needs"],
    ],
    [
      "a constraint that is none",
      { service: { placement: { constraints: ["manager"] } } },
      ['service.placement.constraints[0] is "manager"; it must be like'],
    ],
    [
      "a service of nothing but caches",
      { service: {}, registry: "none", caches: { hub: { upstream: "https://a", port: 5001 } } },
      ["service runs a registry, and registry is none"],
    ],
  ])("refuses %s", (_, given, beginnings) => {
    const found = problems(given);
    expect(found).toHaveLength(beginnings.length);
    beginnings.forEach((beginning, index) => {
      expect(found[index]).toMatch(new RegExp(`^${beginning.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
    });
  });

  it.each<[string, Given]>([
    [
      "rclone over sftp with a cache that writes at once",
      rclone({ type: "sftp", "vfs-cache-mode": "writes", "vfs-write-back": "0s" }),
    ],
    ["a driver that it knows nothing of", { storage: { volume: { driver: "netapp", driverOptions: { size: "1g" } } } }],
    ["hosts of any kind, without an address", { hosts: ["registry.example", "10.0.0.1"] }],
    ["a volume with the name that a container's files would have", { storage: { volume: { name: "registry-files" } } }],
  ])("takes %s", (_, given) => {
    expect(problems(given)).toEqual([]);
  });
});
