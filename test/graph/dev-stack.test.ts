import { beforeAll, describe, expect, it } from "vitest";
import { deployed, find, settings } from "./dev-graph.ts";
import type { RecordedResource } from "./record-graph.ts";
import { isSecretValue, recordGraph, revealed } from "./record-graph.ts";

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
