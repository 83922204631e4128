import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { KitProvider } from "../../components/kit-provider.ts";
import { deploy, type StackOutputs } from "../../stacks/deploy.ts";
import { makeTestAuthority } from "../support/test-certificates.ts";
import { testSettings } from "../support/test-settings.ts";
import type { RecordedResource } from "./record-graph.ts";
import { isSecretValue, recordGraph, revealed } from "./record-graph.ts";

function settings(values: Record<string, string> = {}) {
  return testSettings({ hosts: ["127.0.0.1", "localhost"], ...values });
}

function deployed(of: ReturnType<typeof settings>) {
  return deploy(of, new KitProvider("registry-kit"));
}

function find(graph: RecordedResource[], name: string): RecordedResource {
  const found = graph.find((resource) => resource.name === name);
  if (!found) throw new Error(`no resource ${name} among ${graph.map((resource) => resource.name)}`);
  return found;
}

function known<Value>(output: pulumi.Output<Value> | undefined): Promise<unknown> {
  return new Promise((resolve) => output?.apply(resolve));
}

describe("the dev stack", () => {
  let graph: RecordedResource[];
  beforeAll(async () => {
    graph = await recordGraph(() => deployed(settings()));
  });

  it("is made of exactly these resources", () => {
    expect(graph.map(({ type, name }) => `${type} ${name}`).toSorted()).toEqual([
      "docker:index/container:Container registry",
      "docker:index/remoteImage:RemoteImage registry-image",
      "docker:index/volume:Volume registry-data",
      "docker:index/volume:Volume registry-files",
      "pulumi:providers:registry-kit registry-kit",
      "registry-kit:certificates:CertificateAuthority registry-authority",
      "registry-kit:certificates:ServerCertificate registry-certificate",
      "registry-kit:files:VolumeFiles registry-configuration",
      "registry-kit:index:RegistryContainer registry",
      "registry-kit:nodes:NodeTrust registry-trust",
      "registry-kit:registry:HttpSecret registry-http-secret",
      "registry-kit:registry:ProcessLimit registry-process-limit",
      "registry-kit:users:Htpasswd registry-users",
    ]);
  });

  it("keeps the volume with the images, and nothing else, on teardown", () => {
    expect(graph.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name)).toEqual(["registry-data"]);
  });

  it("runs a hardened container", () => {
    const container = graph.find(({ type }) => type.endsWith(":Container"));
    expect(revealed(container?.inputs)).toMatchObject({
      name: "registry",
      image: "sha256:1234",
      command: ["/etc/distribution/config.yml"],
      readOnly: true,
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      memory: 1024,
      memorySwap: 1024,
      restart: "unless-stopped",
      user: "0:0",
      stopTimeout: 40,
      ports: [{ internal: 5000, external: 5000, ip: "127.0.0.1" }],
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      volumes: [
        { volumeName: "registry-files", containerPath: "/etc/distribution", readOnly: true },
        { volumeName: "registry-data", containerPath: "/var/lib/registry" },
      ],
    });
    expect(container?.deleteBeforeReplace).toBe(true);
  });

  it("puts nothing secret into the container's inputs", () => {
    const container = graph.find(({ type }) => type.endsWith(":Container"));
    const text = JSON.stringify(container?.inputs);
    for (const secret of ["KEY", "HASH", "generated", "00ff"]) expect(text).not.toContain(secret);
    expect(Object.values(container?.inputs ?? {}).some(isSecretValue)).toBe(false);
  });

  it("hands files over as secrets, and restarts for all of them but the users", () => {
    const { inputs } = find(graph, "registry-configuration");
    const files = (revealed(inputs.files) as { name: string; onChange: string; content: string }[]) ?? [];
    expect(files.map(({ name, onChange }) => [name, onChange])).toEqual([
      ["config.yml", "restart"],
      ["server.crt", "restart"],
      ["server.key", "restart"],
      ["htpasswd", "reread"],
    ]);
    const wrapped =
      isSecretValue(inputs.files) ||
      (inputs.files as { content: unknown }[]).every(({ content }) => isSecretValue(content));
    expect(wrapped).toBe(true);
  });

  it("keeps keys and passwords secret in the state", () => {
    expect(isSecretValue(find(graph, "registry-certificate").inputs.authorityPrivateKeyPem)).toBe(true);
    expect(find(graph, "registry-certificate").additionalSecretOutputs).toContain("privateKeyPem");
    expect(find(graph, "registry-authority").additionalSecretOutputs).toContain("privateKeyPem");
    expect(find(graph, "registry-http-secret").additionalSecretOutputs).toEqual(["value"]);
    expect(find(graph, "registry-users").additionalSecretOutputs).toEqual(
      expect.arrayContaining(["htpasswd", "passwords"]),
    );
  });

  it("makes every part of the registry a child of its component", () => {
    const children = graph
      .filter(({ parent }) => parent.endsWith("RegistryContainer::registry"))
      .map(({ name }) => name);
    expect(children.toSorted()).toEqual([
      "registry",
      "registry-configuration",
      "registry-data",
      "registry-files",
      "registry-http-secret",
      "registry-image",
      "registry-process-limit",
    ]);
  });

  it("registers as outputs what the component's public fields are", () => {
    const component = graph.find(({ type }) => type.endsWith(":RegistryContainer"));
    expect(Object.keys(component?.outputs ?? {}).toSorted()).toEqual(["containerId", "httpSecret", "volume"]);
  });

  it("registers the same resources in a preview, where ids and outputs are unknown", async () => {
    const preview = await recordGraph(() => deployed(settings()), { preview: true });
    expect(preview.map(({ type, name }) => `${type} ${name}`).toSorted()).toEqual(
      graph.map(({ type, name }) => `${type} ${name}`).toSorted(),
    );
  });
});

describe("other settings", () => {
  it("without TLS and users there are neither certificates nor htpasswd nor trust", async () => {
    const graph = await recordGraph(() => deployed(settings({ tls: "none", users: "none", insecure: "i-understand" })));
    expect(graph.map(({ type }) => type).filter((type) => /certificates|users|nodes/.test(type))).toEqual([]);
    const files = revealed(find(graph, "registry-configuration").inputs.files) as { name: string }[];
    expect(files.map(({ name }) => name)).toEqual(["config.yml"]);
    const health = graph.find(({ type }) => type.endsWith(":Container"))?.inputs.healthcheck as { tests: string[] };
    expect(health.tests.at(-1)).toBe("http://127.0.0.1:5000/");
  });

  it("with a bind mount there is no volume for images", async () => {
    const graph = await recordGraph(() => deployed(settings({ storage: '{"bindMount":{"path":"/srv/images"}}' })));
    expect(graph.filter(({ type }) => type.endsWith(":Volume")).map(({ name }) => name)).toEqual(["registry-files"]);
    const container = graph.find(({ type }) => type.endsWith(":Container"));
    expect(container?.inputs.mounts).toEqual([{ type: "bind", source: "/srv/images", target: "/var/lib/registry" }]);
  });

  it("with object storage there is no volume for images, and the credentials are in the secret configuration only", async () => {
    const authority = (await makeTestAuthority()).certificate;
    const storage = {
      s3: {
        bucket: "images",
        region: "minio",
        regionEndpoint: "https://minio:9000",
        rootDirectory: "/team-a",
        accessKey: "kit",
        secretKey: "hunter2",
        authority,
      },
    };
    let outputs: StackOutputs | undefined;
    const graph = await recordGraph(async () => {
      outputs = await deployed(settings({ storage: JSON.stringify(storage) }));
      return outputs;
    });
    expect(graph.filter(({ type }) => type.endsWith(":Volume")).map(({ name }) => name)).toEqual(["registry-files"]);
    const { inputs } = find(graph, "registry-configuration");
    const files = revealed(inputs.files) as { name: string; content: string }[];
    expect(files.map(({ name }) => name)).toContain("store-ca.crt");
    expect(files[0]?.content).toContain("hunter2");
    const container = graph.find(({ type }) => type.endsWith(":Container"));
    const place = "s3 bucket images, under team-a/, at https://minio:9000";
    expect(container?.inputs).toMatchObject({
      volumes: [{ volumeName: "registry-files" }],
      tmpfs: { "/var/lib/registry": "ro,noexec,nosuid,size=4k" },
      envs: ["OTEL_TRACES_EXPORTER=none", "SSL_CERT_FILE=/etc/distribution/store-ca.crt"],
      labels: expect.arrayContaining([{ label: "io.registry-kit.store", value: place }]),
    });
    expect(JSON.stringify(graph.filter(({ name }) => name !== "registry-configuration"))).not.toContain("hunter2");
    expect((inputs.files as { content: unknown }[]).every(({ content }) => isSecretValue(content))).toBe(true);
    expect(await known(outputs?.store)).toBe(place);
    expect(await known(outputs?.guarded)).toContain("hunter2");
    expect(outputs).not.toHaveProperty("volume");
  });

  it("a user who is not root gets the empty volume before the container starts", async () => {
    const graph = await recordGraph(() => deployed(settings({ container: '{"user":"1000:1001"}' })));
    const given = find(graph, "registry-data-owner");
    expect(given.inputs).toMatchObject({ volume: "registry-data", owner: { uid: 1000, gid: 1001 }, folder: "docker" });
    const container = graph.find(({ type }) => type.endsWith(":Container"));
    expect(container?.dependencies.join()).toContain("registry-data-owner");
  });

  it("a volume that shall not be kept goes on teardown", async () => {
    const graph = await recordGraph(() =>
      deployed(settings({ storage: '{"volume":{"name":"pr-data","keep":false}}' })),
    );
    expect(find(graph, "registry-data").retainOnDelete).toBe(false);
  });

  it("a host that other machines use is published on every address, unless told otherwise", async () => {
    const ports = async (values: Record<string, string>) => {
      const graph = await recordGraph(() => deployed(settings(values)));
      const container = graph.find(({ type }) => type.endsWith(":Container"));
      return (container?.inputs.ports as { ip: string }[] | undefined)?.[0]?.ip;
    };
    expect(await ports({ hosts: '["r.example"]' })).toBe("0.0.0.0");
    expect(await ports({ hosts: '["r.example"]', address: "192.0.2.1" })).toBe("192.0.2.1");
  });

  it("hosts that are addresses are published where they are reached", async () => {
    const address = async (...hosts: string[]) => {
      const graph = await recordGraph(() => deployed(settings({ hosts: JSON.stringify(hosts) })));
      const container = graph.find(({ type }) => type.endsWith(":Container"));
      return ((container?.inputs.ports ?? []) as { ip: string }[]).map(({ ip }) => ip);
    };
    expect(await address("localhost")).toEqual(["127.0.0.1"]);
    expect(await address("localhost", "::1")).toEqual(["::1"]);
    expect(await address("127.0.0.2")).toEqual(["127.0.0.2"]);
    expect(await address("2001:db8::1")).toEqual(["::"]);
    expect(await address("127.example.com", "127.0.0.1")).toEqual(["0.0.0.0"]);
  });

  it("for port 443 says what to type where the daemon looks for its trust: without the port", async () => {
    let outputs: StackOutputs | undefined;
    const graph = await recordGraph(async () => {
      outputs = await deployed(settings({ hosts: '["r.example"]', port: "443" }));
      return outputs;
    });
    expect(outputs).toMatchObject({ url: "https://r.example", dockerLogin: "docker login r.example" });
    expect(find(graph, "registry-trust").inputs).toMatchObject({ hosts: ["r.example"], port: 443 });
  });

  it("another name is one of the container and its files: no resource is another one because of it", async () => {
    const graph = await recordGraph(() => deployed(settings({ name: "other" })));
    const names = async (made: RecordedResource[]) => made.map(({ type, name }) => `${type} ${name}`).toSorted();
    expect(await names(graph)).toEqual(await names(await recordGraph(() => deployed(settings()))));
    expect(find(graph, "registry-files").inputs.name).toBe("other-files");
    expect(graph.find(({ type }) => type.endsWith(":Container"))?.inputs.name).toBe("other");
  });

  it("the container's labels say whose it is, whatever labels the settings add", async () => {
    const labels = JSON.stringify({
      labels: { "io.registry-kit.registry": "x", "io.registry-kit.stack": "y", team: "z" },
    });
    const graph = await recordGraph(() => deployed(settings({ container: labels })));
    const container = graph.find(({ type }) => type.endsWith(":Container"));
    expect(container?.inputs.labels).toEqual([
      { label: "io.registry-kit.registry", value: "registry" },
      { label: "io.registry-kit.stack", value: expect.stringMatching(/^(?!y$)./) },
      { label: "team", value: "z" },
    ]);
  });

  it("a digest pins the image", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const graph = await recordGraph(() => deployed(settings({ image: JSON.stringify({ digest }) })));
    expect(find(graph, "registry-image").inputs.name).toBe(`registry:3.1.2@${digest}`);
  });

  it("a Docker host of its own is an explicit provider for every Docker resource", async () => {
    const graph = await recordGraph(() => deployed(settings({ docker: '{"url":"ssh://root@h"}' })));
    expect(find(graph, "registry-engine").inputs.host).toBe("ssh://root@h");
    expect(find(graph, "registry-configuration").inputs.dockerHost).toEqual({ url: "ssh://root@h" });
  });
});
