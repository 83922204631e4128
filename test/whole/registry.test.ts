import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Htpasswd, Registry, type RegistryArgs, ServerCertificate } from "../../components/index.ts";
import { isSecretValue, type RecordedResource, recordGraph, revealed } from "../graph/record-graph.ts";

const hosts = ["registry.example.com"];

async function graphOf(args: RegistryArgs, preview = false): Promise<RecordedResource[]> {
  return recordGraph(() => new Registry("registry", args).complete, { preview, defaults: 4 });
}

const namesOf = (graph: RecordedResource[]) => graph.map(({ type, name }) => `${type} ${name}`).toSorted();
const inputsOf = (graph: RecordedResource[], kind: string) =>
  revealed(graph.find(({ type }) => type.endsWith(kind))?.inputs) as Record<string, never>;

const whole = [
  "docker:index/container:Container registry",
  "docker:index/network:Network registry-network",
  "docker:index/remoteImage:RemoteImage registry-image",
  "docker:index/volume:Volume registry-data",
  "docker:index/volume:Volume registry-files",
  "registry-kit:certificates:CertificateAuthority registry-authority",
  "registry-kit:certificates:ServerCertificate registry-certificate",
  "registry-kit:files:VolumeFiles registry-configuration",
  "registry-kit:files:VolumeOwner registry-data-owner",
  "registry-kit:index:Registry registry",
  "registry-kit:index:RegistryContainer registry",
  "registry-kit:nodes:NodeTrust registry-trust",
  "registry-kit:registry:HttpSecret registry-http-secret",
  "registry-kit:registry:ProcessLimit registry-process-limit",
  "registry-kit:users:Htpasswd registry-users",
];

describe("a Registry with hosts alone", () => {
  it.each([false, true])("is a whole registry, all of it below the component (preview: %s)", async (preview) => {
    const graph = await graphOf({ hosts }, preview);
    expect(namesOf(graph)).toEqual(whole);
    const [root, ...parts] = graph;
    expect(root?.type).toBe("registry-kit:index:Registry");
    for (const { parent } of parts) expect(parent).toContain("registry-kit:index:Registry");
  });

  it("is reached on every address of its port, by a certificate for its hosts, without root", async () => {
    const graph = await graphOf({ hosts });
    expect(inputsOf(graph, ":Container")).toMatchObject({
      name: "registry",
      ports: [{ internal: 5000, external: 5000, ip: "0.0.0.0" }],
      user: "10001:10001",
      readOnly: true,
    });
    expect(inputsOf(graph, ":ServerCertificate")).toMatchObject({ hosts });
    expect(inputsOf(graph, ":NodeTrust")).toMatchObject({ hosts, port: 5000, connection: { type: "local" } });
    expect(inputsOf(graph, ":Htpasswd")).toEqual({ users: { moby: { generated: true } } });
  });

  it("tells where it is, and its passwords as a secret", async () => {
    const [root] = await graphOf({ hosts });
    expect(isSecretValue(root?.outputs?.passwords)).toBe(true);
    expect(revealed(root?.outputs)).toMatchObject({
      url: "https://registry.example.com:5000",
      port: 5000,
      userNames: ["moby"],
      passwords: { moby: "generated" },
      caCertificate: "CA\n",
      certificateExpires: "2027-12-23T00:00:00Z",
      volume: "registry-data",
      containerId: "registry-id",
      dockerLogin: "docker login registry.example.com:5000",
    });
  });
});

/** What to leave out of the whole, and what to add. */
const replaced: [string, RegistryArgs, string[], string[]][] = [
  ["tls: none", { hosts: ["127.0.0.1"], tls: "none" }, ["CertificateAuthority", "ServerCertificate", "NodeTrust"], []],
  ["users: none", { hosts, users: "none" }, ["Htpasswd"], []],
  ["an htpasswd of yours", { hosts, htpasswd: "moby:$2y$" }, ["Htpasswd"], []],
  ["trust: none", { hosts, trust: "none" }, ["NodeTrust"], []],
  ["a folder", { hosts, storage: { bindMount: { path: "/srv/images" } } }, ["-data", "VolumeOwner"], []],
  ["Docker's bridge", { hosts, container: { network: "bridge" } }, ["Network"], []],
  [
    "a Docker host",
    { hosts, dockerHost: { url: "unix:///run/other.sock" } },
    [],
    ["pulumi:providers:docker registry-engine"],
  ],
  [
    "plain HTTP on another machine",
    { hosts, tls: "none" },
    ["CertificateAuthority", "ServerCertificate", "NodeTrust"],
    ["registry-kit:nodes:DaemonConfiguration registry-daemon", "registry-kit:nodes:StackIdentity registry-identity"],
  ],
];

describe("a Registry with a part of yours", () => {
  it.each(replaced)("%s", async (_, args, without, added) => {
    const graph = await graphOf(args);
    const kept = whole.filter((line) => !without.some((part) => line.includes(part)));
    expect(namesOf(graph)).toEqual([...kept, ...added].toSorted());
  });

  it("serves a certificate of yours, and has clients trust its authority", async () => {
    const graph = await recordGraph(() => {
      const authority = { authorityCertificatePem: "OWN CA", authorityPrivateKeyPem: "OWN KEY" };
      const tls = new ServerCertificate("own", { hosts, ...authority });
      return new Registry("registry", { hosts, tls }).complete;
    });
    expect(graph.filter(({ type }) => type.includes("Certificate")).map(({ name }) => name)).toEqual(["own"]);
    expect(inputsOf(graph, ":NodeTrust")).toMatchObject({ certificatePem: "OWN CA" });
    const { files } = inputsOf(graph, ":VolumeFiles") as unknown as { files: { name: string; content: string }[] };
    expect(files.find(({ name }) => name === "server.key")?.content).toBe("KEY\n");
  });

  it("takes users of yours, and tells their names", async () => {
    const graph = await recordGraph(() => {
      const users = new Htpasswd("own", { users: { ann: { generated: true } } });
      return new Registry("registry", { hosts, users }).complete;
    });
    expect(graph.filter(({ type }) => type.endsWith(":Htpasswd")).map(({ name }) => name)).toEqual(["own"]);
    expect(revealed(graph.find(({ type }) => type.endsWith(":Registry"))?.outputs)).toMatchObject({
      userNames: ["moby"],
    });
  });

  it("runs as a service, whose nodes trust it", async () => {
    const graph = await graphOf({ hosts, service: {}, trust: "swarm" });
    const types = graph.map(({ type }) => type);
    expect(types).toContain("registry-kit:index:RegistryService");
    expect(types).toContain("registry-kit:nodes:SwarmTrust");
    expect(types).not.toContain("registry-kit:index:RegistryContainer");
    expect(inputsOf(graph, ":SwarmTrust")).toMatchObject({ name: "registry-trust", ports: [5000] });
  });

  it("takes values that other resources make", async () => {
    const later = <Value>(value: Value) => pulumi.output(Promise.resolve(value));
    const graph = await graphOf({
      hosts: later(hosts),
      name: later("images"),
      port: later(5443),
      address: later("127.0.0.1"),
      image: later("registry:3.1.3"),
      networks: [later("proxy")],
    });
    expect(namesOf(graph)).toEqual(whole);
    expect(inputsOf(graph, ":Container")).toMatchObject({
      name: "images",
      ports: [{ external: 5443, ip: "127.0.0.1" }],
      networksAdvanced: [{ name: "images-network" }, { name: "proxy" }],
    });
    expect(inputsOf(graph, ":RemoteImage")).toMatchObject({ name: "registry:3.1.3" });
    expect(inputsOf(graph, ":NodeTrust")).toMatchObject({ hosts, port: 5443 });
  });
});

const later = pulumi.output("later");
const refused: [Record<string, unknown>, string, RegExp][] = [
  [{ hosts: [] }, "hosts", /name at least one host/],
  [{}, "hosts", /must be a list of the names/],
  [{ hosts: ["https://example.com"] }, "hosts[0]", /scheme/],
  [{ hosts, port: 70_000 }, "port", /between 1 and 65535/],
  [{ hosts, address: "example.com" }, "address", /IP address of the Docker host/],
  [{ hosts, ports: 5 }, "ports", /is not a property of Registry/],
  [{ hosts, registry: { drainTimeout: "fast" } }, "registry.drainTimeout", /duration/],
  [{ hosts, registry: { redOnly: true } }, "registry.redOnly", /is not a property/],
  [{ hosts, container: { memory: 1 } }, "container.memory", /64/],
  [{ hosts, container: { restart: later } }, "container", /must be plain/],
  [{ hosts, service: {}, container: {} }, "container", /does not go together with service/],
  [{ hosts, swarm: {} }, "swarm", /is for a service/],
  [{ hosts, users: { moby: {} } }, "users.moby", /exactly one of password, generated and hash/],
  [{ hosts, users: {}, htpasswd: "x" }, "htpasswd", /in place of users/],
  [{ hosts, tls: "none", trust: "swarm" }, "trust", /no certificate to trust/],
  [{ hosts: pulumi.output(hosts), tls: "none" }, "hosts", /must be plain/],
  [{ hosts, trust: { nodes: { a: { connection: { type: "ssh" } } } } }, "trust.nodes.a.connection.host", /.+/],
];

describe("a Registry that cannot be", () => {
  it.each(refused)("%o is refused by the name of its property", (args, path, reason) => {
    const { errors } = refusalOf(args);
    const found = errors.find(({ propertyPath }) => propertyPath === path);
    expect(found?.reason, JSON.stringify(errors)).toMatch(reason);
  });

  it("is told of all problems at once", () => {
    expect(refusalOf({ hosts: [], port: 0, nonsense: true }).message.split("\n")).toHaveLength(3);
  });
});

function refusalOf(args: Record<string, unknown>): pulumi.InputPropertiesError {
  try {
    new Registry("registry", args as unknown as RegistryArgs);
  } catch (error) {
    if (pulumi.InputPropertiesError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}
