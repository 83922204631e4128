import { describe, expect, it } from "vitest";
import { KitProvider } from "../../components/kit-provider.ts";
import { deploy } from "../../stacks/deploy.ts";
import { settingsProblems, testSettings } from "../support/test-settings.ts";
import { known } from "./dev-graph.ts";
import type { RecordedResource } from "./record-graph.ts";
import { isSecretValue, recordGraph, revealed } from "./record-graph.ts";

const hub = { upstream: "https://registry-1.docker.io", port: 5001 };

const load = (given: Record<string, unknown>) => testSettings({ hosts: ["127.0.0.1"], ...given }, { stack: "mirror" });

function graphOf(given: Record<string, unknown>): Promise<RecordedResource[]> {
  return recordGraph(() => deploy(load(given), new KitProvider("registry-kit")));
}

function find(graph: RecordedResource[], type: string, name: string): RecordedResource {
  const found = graph.find((resource) => resource.type.endsWith(`:${type}`) && resource.name === name);
  if (!found)
    throw new Error(`no ${type} ${name} among ${graph.map((resource) => `${resource.type} ${resource.name}`)}`);
  return found;
}

function filesOf(
  graph: RecordedResource[],
  name: string,
): { name: string; content: string; mode?: number; onChange: string }[] {
  return revealed(find(graph, "VolumeFiles", `${name}-configuration`).inputs.files) as ReturnType<typeof filesOf>;
}

const problems = (given: Record<string, unknown>) => settingsProblems(() => load(given));

describe("a stack with caches alone", () => {
  it("is made of a container and a certificate, without users and a registry", async () => {
    const graph = await graphOf({ name: "mirror", registry: "none", caches: { hub } });
    expect(graph.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).toSorted()).toEqual([
      "CertificateAuthority registry-authority",
      "Container cache-hub",
      "HttpSecret cache-hub-http-secret",
      "NodeTrust cache-hub-trust",
      "ProcessLimit cache-hub-process-limit",
      "PullThroughCache cache-hub",
      "RegistryContainer cache-hub",
      "RemoteImage cache-hub-image",
      "ServerCertificate registry-certificate",
      "Volume cache-hub-data",
      "Volume cache-hub-files",
      "VolumeFiles cache-hub-configuration",
      "registry-kit registry-kit",
    ]);
    expect(find(graph, "Volume", "cache-hub-data").inputs.name).toBe("mirror-hub-registry-1.docker.io");
    expect(find(graph, "Volume", "cache-hub-data").retainOnDelete).toBe(false);
    expect(find(graph, "NodeTrust", "cache-hub-trust").inputs).toMatchObject({ port: 5001 });
  });

  it("may delete, serves TLS, and asks its upstream in nobody's name without a username", async () => {
    const graph = await graphOf({ registry: "none", caches: { hub } });
    const files = filesOf(graph, "cache-hub");
    expect(files.map(({ name, mode, onChange }) => [name, mode, onChange])).toEqual([
      ["config.yml", undefined, "restart"],
      ["server.crt", undefined, "restart"],
      ["server.key", undefined, "restart"],
      ["upstream-credentials", 0o500, "reread"],
    ]);
    expect(files[0]?.content).toMatch(/delete:\n +enabled: true/);
    expect(files[0]?.content).toContain('remoteurl: "https://registry-1.docker.io"');
    expect(files[3]?.content).toContain('{"Username":"","Secret":""}');
  });
});

describe("caches beside a registry", () => {
  it("are each a container of their own; credentials stay secret and out of config.yml", async () => {
    const quay = { upstream: "https://quay.io", port: 5002, username: "moby", password: "s3cret-whale", ttl: "0s" };
    const graph = await graphOf({ caches: { hub, quay } });
    const containers = graph.filter(({ type }) => type.endsWith(":Container"));
    expect(containers.map(({ inputs }) => inputs.name)).toEqual(["registry", "registry-hub", "registry-quay"]);
    const [configuration, ...others] = filesOf(graph, "cache-quay");
    expect(configuration?.content).not.toContain("s3cret-whale");
    expect(others.at(-1)?.content).toContain('{"Username":"moby","Secret":"s3cret-whale"}');
    for (const { inputs } of graph) {
      const open = JSON.stringify(inputs, (_, value) => (isSecretValue(value) ? "" : value));
      expect(open).not.toContain("s3cret-whale");
    }
  });

  it("are mirrors by a host that the node reaches", async () => {
    const nodes = { here: "local", far: "ssh://far.test" };
    const mirrors = async (docker: object) => {
      const caches = { hub: { ...hub, mirror: true } };
      const graph = await graphOf({ docker, hosts: ["127.0.0.1", "r.test"], caches, trust: { nodes } });
      return ["here", "far"].map(
        (node) => find(graph, "DaemonConfiguration", `registry-daemon-${node}`).inputs.registryMirrors,
      );
    };
    const [loopback, name] = [["https://127.0.0.1:5001"], ["https://r.test:5001"]];
    expect(await mirrors({})).toEqual([loopback, name]);
    expect(await mirrors({ url: "ssh://root@far.test" })).toEqual([name, loopback]);
    expect(await mirrors({ url: "tcp://other.test:2376" })).toEqual([name, name]);
  });

  it("become mirrors of the nodes under trust where that is asked for", async () => {
    const quay = { upstream: "https://quay.io", port: 5002, mirror: true };
    const graph = await graphOf({
      hosts: ["r.test"],
      caches: { hub: { ...hub, mirror: true }, quay },
      trust: { clients: ["docker", "containerd"], mirrors: { "docker.io": ["https://other.test"] } },
    });
    const daemon = find(graph, "DaemonConfiguration", "registry-daemon");
    expect(daemon.inputs).toMatchObject({ registryMirrors: ["https://r.test:5001", "https://other.test"] });
    const said = graph
      .filter(({ type }) => type.endsWith(":NodeTrust"))
      .map(({ name, inputs }) => [name, inputs.mirrors]);
    expect(new Map(said as [string, unknown][])).toEqual(
      new Map<string, unknown>([
        [
          "registry-trust",
          { "docker.io": ["https://r.test:5001", "https://other.test"], "quay.io": ["https://r.test:5002"] },
        ],
        ["cache-hub-trust", undefined],
        ["cache-quay-trust", undefined],
      ]),
    );
  });

  it("leave no secret of the stack out of what verify looks for", async () => {
    let outputs: Awaited<ReturnType<typeof deploy>> | undefined;
    await recordGraph(async () => {
      const upstream = { username: "gordon", password: "upstream-password" };
      outputs = await deploy(load({ caches: { hub: { ...hub, ...upstream } } }), new KitProvider("registry-kit"));
    });
    const guarded = await known(outputs?.guarded);
    expect(guarded).toEqual(["00ff", "moby:HASH\n", "KEY\n", "CA KEY\n", "upstream-password"]);
  });

  it("are trusted by the whole swarm together with the registry", async () => {
    const graph = await graphOf({ caches: { hub }, trust: "swarm" });
    expect(graph.filter(({ type }) => type.endsWith(":NodeTrust"))).toEqual([]);
    expect(find(graph, "SwarmTrust", "registry-swarm-trust").inputs).toMatchObject({
      name: "registry-trust",
      ports: [5000, 5001],
      image: "registry:3.1.2",
    });
  });
});

describe("settings of a cache", () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "users",
      { caches: { hub: { ...hub, users: { moby: {} } } } },
      /^caches.hub.users can't be asked for here: daemons send no password/,
    ],
    [
      "Docker Hub's web site",
      { caches: { hub: { ...hub, upstream: "https://docker.io" } } },
      /write https:\/\/registry-1.docker.io$/,
    ],
    [
      "an upstream with a path",
      { caches: { hub: { ...hub, upstream: "https://a.test/v2" } } },
      /^caches.hub.upstream /,
    ],
    ["half of the credentials", { caches: { hub: { ...hub, username: "moby" } } }, /^caches.hub.password is missing/],
    [
      "credentials in plain text",
      { caches: { hub: { port: 1, upstream: "http://a.test", username: "moby", password: "s3cret-" } } },
      /would cross the network in plain text/,
    ],
    [
      "private images for everybody, unless that is said twice",
      { hosts: ["r.test"], caches: { hub: { ...hub, username: "moby", password: "s3cret-" } } },
      /^caches.hub.insecure is not set, .*anyone who reaches 0.0.0.0 may pull all images that moby may pull/,
    ],
    [
      "the registry's port",
      { caches: { hub: { ...hub, port: 5000 } } },
      /^caches.hub.port is 5000, which port is, too/,
    ],
    [
      "a port of two caches",
      { caches: { a: hub, b: { ...hub, upstream: "https://quay.io" } } },
      /^caches.b.port is 5001, which caches.a.port is, too/,
    ],
    [
      "the registry's volume",
      { caches: { hub: { ...hub, volume: { name: "registry-data" } } } },
      /^caches.hub.volume.name is registry-data, the volume of storage.volume.name/,
    ],
    [
      "a mirror that Docker alone can't use",
      { trust: "local", caches: { quay: { ...hub, upstream: "https://quay.io", mirror: true } } },
      /^caches.quay.mirror is true, but Docker uses mirrors of Docker Hub only/,
    ],
    [
      "a mirror of nobody",
      { trust: "swarm", caches: { hub: { ...hub, mirror: true } } },
      /^caches.hub.mirror is true, but trust is swarm/,
    ],
    [
      "a mirror that another machine can't reach",
      { trust: { nodes: { far: "ssh://far.test" } }, caches: { hub: { ...hub, mirror: true } } },
      /^caches.hub.mirror is true, but far is not the Docker host, and of the hosts \(127.0.0.1\) it reaches none/,
    ],
    ["nothing at all", { registry: "none" }, /^registry is none, and there are no caches/],
    [
      "a typing error",
      { caches: { hub: { ...hub, upstraem: "x" } } },
      /upstraem is not a setting. Did you mean "upstream"/,
    ],
    [
      "a typing error beside a choice",
      { registry: { readonly: true } },
      /^registry.readonly is not a setting. Did you mean "readOnly"/,
    ],
  ])("refuse %s", (_, given, expected) => {
    const found = problems(given);
    expect(found).toContainEqual(expect.stringMatching(expected));
    expect(found.join()).not.toContain("s3cret-");
  });
});
