import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { StackOutputs } from "../../stacks/outputs.ts";
import type { RecordedResource } from "./record-graph.ts";
import { isSecretValue, recordGraph, revealed } from "./record-graph.ts";
import { deployed, find, graphOf, type ServiceInputs, serviceOf } from "./swarm-graph.ts";

describe("the swarm stack", () => {
  let graph: RecordedResource[];
  beforeAll(async () => {
    graph = await graphOf();
  });

  it("is made of exactly these resources", () => {
    expect(graph.map(({ type, name }) => `${type} ${name}`).toSorted()).toEqual([
      "docker:index/secret:Secret registry-config.yml",
      "docker:index/secret:Secret registry-htpasswd",
      "docker:index/secret:Secret registry-server.crt",
      "docker:index/secret:Secret registry-server.key",
      "docker:index/service:Service registry",
      "pulumi:providers:registry-kit registry-kit",
      "registry-kit:certificates:CertificateAuthority registry-authority",
      "registry-kit:certificates:ServerCertificate registry-certificate",
      "registry-kit:index:RegistryService registry",
      "registry-kit:registry:HttpSecret registry-http-secret",
      "registry-kit:swarm:ContentName registry-config.yml-name",
      "registry-kit:swarm:ContentName registry-htpasswd-name",
      "registry-kit:swarm:ContentName registry-server.crt-name",
      "registry-kit:swarm:ContentName registry-server.key-name",
      "registry-kit:swarm:ServiceRollout registry-rollout",
      "registry-kit:swarm:SwarmMembership registry-swarm",
      "registry-kit:users:Htpasswd registry-users",
    ]);
  });

  it("registers the same resources in a preview, where ids and outputs are unknown", async () => {
    const preview = await recordGraph(() => deployed(), { preview: true });
    const names = (made: RecordedResource[]) => made.map(({ type, name }) => `${type} ${name}`).toSorted();
    expect(names(preview)).toEqual(names(graph));
  });

  it("runs a hardened service that is rolled back when an update fails", () => {
    expect(serviceOf(graph)).toMatchObject({
      name: "registry",
      mode: { replicated: { replicas: 1 } },
      endpointSpec: { ports: [{ targetPort: 5000, publishedPort: 5000, publishMode: "ingress" }] },
      taskSpec: {
        containerSpec: {
          image: "registry:3.1.2",
          args: ["/run/secrets/config.yml"],
          readOnly: true,
          capDrops: ["ALL"],
          user: "0:0",
          stopGracePeriod: "40s",
          mounts: [
            { type: "tmpfs", target: "/tmp" },
            {
              type: "volume",
              source: "registry-data",
              target: "/var/lib/registry",
              volumeOptions: { driverName: "local" },
            },
          ],
        },
        resources: { limits: { memoryBytes: 1024 * 1024 * 1024 } },
      },
      updateConfig: { order: "stop-first", failureAction: "rollback" },
    });
    expect(find(graph, ":Service").deleteBeforeReplace).toBe(true);
  });

  it("gives it its files as secrets that only its user may read, made before and removed after it", () => {
    const { secrets } = serviceOf(graph).taskSpec.containerSpec as { secrets: Record<string, unknown>[] };
    expect(secrets.map(({ fileName, fileMode, fileUid }) => [fileName, fileMode, fileUid])).toEqual(
      ["config.yml", "server.crt", "server.key", "htpasswd"].map((file) => [file, 0o400, "0"]),
    );
    const made = graph.filter(({ type }) => type.endsWith(":Secret"));
    expect(made.map(({ deleteBeforeReplace }) => deleteBeforeReplace)).toEqual([false, false, false, false]);
    expect(made.every(({ inputs }) => isSecretValue(inputs.data))).toBe(true);
    const service = find(graph, ":Service");
    for (const { name } of made) expect(service.dependencies.some((urn) => urn.endsWith(`::${name}`))).toBe(true);
  });

  it("names a secret after a digest of its content, and shows neither", () => {
    const naming = find(graph, ":ContentName", "registry-htpasswd-name").inputs;
    expect(naming.prefix).toBe("registry-htpasswd");
    expect(isSecretValue(naming.digest)).toBe(true);
    expect(revealed(naming.digest)).toMatch(/^[0-9a-f]{64}$/);
    const text = JSON.stringify([find(graph, ":Service").inputs, find(graph, ":ServiceRollout").inputs]);
    for (const secret of ["KEY", "HASH", "generated", "00ff"]) expect(text).not.toContain(secret);
  });

  it("pins a volume that nodes don't share to the node of the Docker host", () => {
    expect(serviceOf(graph).taskSpec.placement.constraints).toEqual(["node.id==node-1"]);
  });

  it("makes nothing in the swarm before it is there", () => {
    for (const { type, dependencies } of graph.filter(({ type }) => type.startsWith("docker:"))) {
      expect(
        dependencies.some((urn) => urn.endsWith("::registry-swarm")),
        type,
      ).toBe(true);
    }
  });
});

describe("other settings of a service", () => {
  it("constraints of the user's own are used as they are", async () => {
    const placement = { constraints: ["node.hostname==b"], preferences: ["node.labels.zone"], maxPerNode: 1 };
    const service = serviceOf(await graphOf({ service: { placement } }));
    expect(service.taskSpec.placement).toEqual({
      constraints: ["node.hostname==b"],
      prefs: ["node.labels.zone"],
      maxReplicas: 1,
    });
  });

  it("a volume of NFS is mounted on any node, made there with its options", async () => {
    const driverOptions = { type: "nfs", o: "addr=10.0.0.9,rw", device: ":/images" };
    const { taskSpec } = serviceOf(await graphOf({ storage: { volume: { driverOptions } } }));
    expect(taskSpec.placement.constraints).toBeUndefined();
    expect(taskSpec.containerSpec.mounts).toContainEqual(
      expect.objectContaining({ volumeOptions: { driverName: "local", driverOptions } }),
    );
  });

  it("a network is made for it, and others are joined", async () => {
    const service = { network: { attachable: false }, networks: ["proxy"] };
    const graph = await graphOf({ service });
    expect(find(graph, ":Network").inputs).toMatchObject({ name: "registry", driver: "overlay", attachable: false });
    expect(serviceOf(graph).taskSpec.networksAdvanceds).toEqual([{ name: "registry-network-id" }, { name: "proxy" }]);
    const encrypted = find(await graphOf({ service: { network: { encrypted: true } } }), ":Network");
    expect(encrypted).toMatchObject({ name: "registry-network-encrypted" });
    expect(encrypted.inputs).toMatchObject({ name: "registry-encrypted", options: { encrypted: "true" } });
  });

  it("a Redis cache of its own is what the registry's configuration names", async () => {
    const graph = await graphOf({ service: { redisCache: { image: "redis:8.2.1" } } });
    expect(find(graph, ":Network", "registry-cache-network").inputs).toMatchObject({
      name: "registry-cache",
      attachable: false,
    });
    const cache = find(graph, ":Service", "registry-cache").inputs as unknown as ServiceInputs;
    expect(cache).toMatchObject({ name: "registry-cache", endpointSpec: { mode: "dnsrr" } });
    expect(cache.taskSpec.containerSpec.args).toEqual(expect.arrayContaining(["--maxmemory-policy", "allkeys-lru"]));
    expect(find(graph, ":ServiceRollout", "registry-cache-rollout").inputs).toMatchObject({ timeout: "3m" });
    const registry = find(graph, ":Service", "registry").inputs as unknown as ServiceInputs;
    expect(registry.taskSpec.networksAdvanceds).toEqual([{ name: "registry-cache-network-id" }]);
    const data = revealed(find(graph, ":Secret", "registry-config.yml").inputs.data);
    const configuration = parse(Buffer.from(String(data), "base64").toString()) as object;
    expect(configuration).toMatchObject({
      storage: { cache: { blobdescriptor: "redis" } },
      redis: { addrs: ["registry-cache:6379"] },
    });
  });

  it("public files are configs", async () => {
    const graph = await graphOf({ service: { files: { "/etc/ssl/certs/s3.pem": "PEM" } } });
    expect(find(graph, ":ServiceConfig").inputs).toMatchObject({ dataRaw: "PEM" });
    expect(find(graph, ":ContentName", "registry-file-/etc/ssl/certs/s3.pem-name").inputs.prefix).toBe(
      "registry-etc-ssl-certs-s3.pem",
    );
    expect(serviceOf(graph).taskSpec.containerSpec.configs).toMatchObject([{ fileName: "/etc/ssl/certs/s3.pem" }]);
  });

  it("tells its outputs, and no container", async () => {
    let outputs: StackOutputs | undefined;
    await recordGraph(async () => {
      outputs = await deployed({ service: { publish: "host" } });
    });
    expect(outputs).toMatchObject({ address: "0.0.0.0", service: { publish: "host", replicas: 1 }, volumeKept: true });
    expect(outputs).not.toHaveProperty("containerId");
  });
});
