import { describe, expect, it } from "vitest";
import { registryOptions } from "../../components/registry/configuration/registry-options.ts";
import { RegistryService } from "../../components/registry/registry-service.ts";
import type { RegistryStorage } from "../../components/registry/registry-storage.ts";
import { serviceOptions } from "../../components/registry/service-defaults.ts";
import { serviceSettings } from "../../stacks/service/settings.ts";
import type { RecordedResource } from "./record-graph.ts";
import { isSecretValue, recordGraph, revealed } from "./record-graph.ts";
import { find, serviceOf } from "./swarm-graph.ts";

describe("a service with object storage", () => {
  const storage = {
    objects: { driver: "s3", region: "eu-1", bucket: "b", accessKey: "AK", secretKey: "sk-secret" },
  } as RegistryStorage;

  async function shared(service: object): Promise<RecordedResource[]> {
    const registry = registryOptions.parse({});
    return await recordGraph(() => {
      new RegistryService("registry", {
        name: "registry",
        image: { name: "registry:3.1.2" },
        port: 5000,
        storage,
        options: registry,
        service: serviceOptions(serviceSettings.parse(service), { defaults: 1, registry, storage }, {}),
      });
    });
  }

  it("has no volume and no pin, starts the new task first on the mesh, and keeps the keys in a secret", async () => {
    const graph = await shared({ replicas: 3 });
    const { taskSpec, updateConfig } = serviceOf(graph);
    expect(taskSpec.containerSpec.mounts).toMatchObject([
      { type: "tmpfs", target: "/tmp" },
      { type: "tmpfs", target: "/var/lib/registry" },
    ]);
    expect(taskSpec.placement).toEqual({});
    expect(updateConfig).toMatchObject({ order: "start-first" });
    const secret = find(graph, ":Secret", "registry-config.yml");
    expect(isSecretValue(secret.inputs.data)).toBe(true);
    const configuration = Buffer.from(String(revealed(secret.inputs.data)), "base64").toString();
    expect(configuration).toContain("sk-secret");
    const rest = JSON.stringify(graph.filter((resource) => resource !== secret));
    expect(rest).not.toContain("sk-secret");
  });

  it("stops the old task first with host ports, which two tasks can't share", async () => {
    const { updateConfig, endpointSpec } = serviceOf(await shared({ replicas: 2, publish: "host" }));
    expect(updateConfig).toMatchObject({ order: "stop-first" });
    expect(endpointSpec).toMatchObject({ ports: [{ publishMode: "host" }] });
  });

  it.each([
    ["global" as const, { global: true }],
    [2, { replicated: { replicas: 2 } }],
  ])(
    "with %s replicas is waited for by the kit, not by the Docker provider, which looks every 10 seconds",
    async (replicas, expected) => {
      const graph = await shared({ replicas });
      const { mode, convergeConfig } = serviceOf(graph);
      expect(mode).toEqual(expected);
      expect(convergeConfig).toBeUndefined();
      expect(find(graph, ":ServiceRollout").inputs).toMatchObject({ service: "registry-id", timeout: "5m" });
    },
  );
});
