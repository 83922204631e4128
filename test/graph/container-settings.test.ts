import { describe, expect, it } from "vitest";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { makeTestAuthority } from "../support/test-certificates.ts";
import { deployed, find, known, settings } from "./dev-graph.ts";
import type { RecordedResource } from "./record-graph.ts";
import { isSecretValue, recordGraph, revealed } from "./record-graph.ts";

describe("settings of a registry in a container", () => {
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

  it("a volume that is not kept goes on teardown", async () => {
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
      const graph = await recordGraph(() => deployed(settings({ hosts: JSON.stringify(hosts), trust: "none" })));
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
