import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSecret, makeSecret, unknownValue } from "../../lib/protocol/property-value.ts";
import { resources } from "../../provider/resources.ts";
import type { PackageSchema, ResourceSpec } from "../../scripts/documentation/package-schema.ts";
import type { PropertySpec, TypeSpec } from "../../scripts/documentation/package-types.ts";
import { type PluginClient, startPlugin } from "./plugin-client.ts";
import { serveMonitor } from "./program-monitor.ts";

let plugin: PluginClient;
let schema: PackageSchema;
beforeAll(async () => {
  plugin = await startPlugin();
  schema = JSON.parse(await plugin.schema()) as PackageSchema;
});
afterAll(() => plugin[Symbol.asyncDispose]());

const registry = "registry-kit:index:Registry";

describe("the schema of the package", () => {
  const eachProperty = (): [string, PropertySpec][] => [
    ...Object.entries(schema.types).flatMap(([token, { properties }]) => named(token, properties)),
    ...Object.entries(schema.resources).flatMap(([token, { inputProperties, properties }]) => [
      ...named(token, inputProperties),
      ...named(`${token} (outputs)`, properties),
    ]),
  ];

  it("has Registry as a component, and the resources that can be used alone", () => {
    expect(schema.name).toBe("registry-kit");
    expect(schema.version).toMatch(/^\d+\.\d+\.\d+$/);
    const tokens = Object.entries(schema.resources).map(([token, { isComponent }]) => [token, isComponent]);
    expect(tokens).toContainEqual([registry, true]);
    for (const [token, isComponent] of tokens) if (!isComponent) expect(Object.keys(resources)).toContain(token);
    expect(tokens.length).toBeGreaterThan(5);
  });

  it("names only types that Pulumi knows or that it has itself, and uses each of those", () => {
    const used = new Set<string>();
    const visit = (type: TypeSpec, at: string): void => {
      const { $ref, type: simple, items, additionalProperties, oneOf } = type;
      if ($ref && $ref !== "pulumi.json#/Any") {
        const token = $ref.replace("#/types/", "");
        expect(Object.keys(schema.types), at).toContain(token);
        used.add(token);
      }
      if (!$ref && !oneOf) expect(["string", "integer", "number", "boolean", "array", "object"], at).toContain(simple);
      if (simple === "array") expect(items, at).toBeDefined();
      if (simple === "object") expect(additionalProperties, at).toBeDefined();
      for (const inner of [items, additionalProperties, ...(oneOf ?? [])]) if (inner) visit(inner, at);
    };
    for (const [at, property] of eachProperty()) visit(property, at);
    expect([...used].toSorted()).toEqual(Object.keys(schema.types).toSorted());
  });

  it("requires only properties that there are, and none that has a default", () => {
    const check = (token: string, properties: Record<string, PropertySpec>, required: string[]) => {
      for (const key of required) {
        expect(Object.keys(properties), `${token} ${key}`).toContain(key);
        expect(properties[key]?.default, `${token} ${key}`).toBeUndefined();
      }
    };
    for (const [token, { properties, required }] of Object.entries(schema.types)) check(token, properties, required);
    for (const [token, spec] of Object.entries(schema.resources)) {
      check(token, spec.inputProperties, spec.requiredInputs);
      check(token, spec.properties, spec.required);
    }
  });

  it("describes every resource and every property", () => {
    const silent = [
      ...Object.entries(schema.resources).filter(([, { description }]) => !description),
      ...eachProperty().filter(([, { description }]) => !description),
    ];
    expect(silent.map(([token]) => token)).toEqual([]);
  });

  it("requires of each resource what its provider requires", async () => {
    for (const [token, { isComponent, requiredInputs }] of Object.entries(schema.resources)) {
      if (isComponent) continue;
      const { failures } = await plugin.resource(token).check({});
      expect(failures.map(({ property }) => property).toSorted(), token).toEqual(requiredInputs);
    }
  });

  it("marks what is secret, and what must be plain", () => {
    const { inputProperties, properties } = schema.resources[registry] as ResourceSpec;
    expect(properties.passwords?.secret).toBe(true);
    expect(inputProperties.htpasswd?.secret).toBe(true);
    expect(inputProperties.container?.plain).toBe(true);
    expect(inputProperties.hosts?.plain).toBeUndefined();
    expect(schema.types["registry-kit:index:RegistryUsersValueOptions"]?.properties.password?.secret).toBe(true);
    expect(schema.types["registry-kit:index:RegistryStorageObjectsOptions"]?.properties.secretKey?.secret).toBe(true);
  });
});

function named(token: string, properties: Record<string, PropertySpec>): [string, PropertySpec][] {
  return Object.entries(properties).map(([key, property]) => [`${token} ${key}`, property]);
}

describe("a Registry for a program in another language", () => {
  it("is made with the program's own monitor, below the component", async () => {
    await using monitor = await serveMonitor();
    const inputs = { hosts: ["registry.example.com"], users: { ann: { password: makeSecret("s3cret-of-ann") } } };
    const state = await plugin.construct(registry, inputs, monitor.address);
    expect(state).toMatchObject({
      url: "https://registry.example.com:5000",
      port: 5000,
      dockerLogin: "docker login registry.example.com:5000",
      containerId: "registry-id",
      volume: "registry-data",
      caCertificate: "CA",
    });
    expect(state.passwords).toSatisfy(isSecret);
    const types = monitor.registered.map(({ type }) => type);
    expect(types).toHaveLength(15);
    expect(types[0]).toBe(registry);
    for (const { parent } of monitor.registered.slice(1)) expect(parent).toContain("registry-kit:index:Registry");
    const users = monitor.registered.find(({ type }) => type === "registry-kit:users:Htpasswd");
    expect(users?.inputs).toEqual({ users: { ann: { password: "s3cret-of-ann" } } });
  });

  it("keeps two that are made at the same time apart", async () => {
    await using first = await serveMonitor();
    await using second = await serveMonitor();
    const states = await Promise.all([
      plugin.construct(registry, { hosts: ["a.example.com"] }, first.address),
      plugin.construct(registry, { hosts: ["b.example.com"], tls: "none", trust: "none" }, second.address),
    ]);
    expect(states.map(({ url }) => url)).toEqual(["https://a.example.com:5000", "http://b.example.com:5000"]);
    expect(first.registered).toHaveLength(15);
    expect(second.registered).toHaveLength(12);
  });

  it.each([
    [{ hosts: [] }, /properties are refused/],
    [{ hosts: ["a.example.com"], container: unknownValue }, /properties are refused/],
  ])("is refused before anything is made: %j", async (inputs, message) => {
    await using monitor = await serveMonitor();
    await expect(plugin.construct(registry, inputs, monitor.address, true)).rejects.toThrow(message);
    expect(monitor.registered).toEqual([]);
  });

  it("fails where one of its resources does, and the provider goes on", async () => {
    await using broken = await serveMonitor({ refused: "docker:index/volume:Volume" });
    const inputs = { hosts: ["a.example.com"] };
    await expect(plugin.construct(registry, inputs, broken.address)).rejects.toThrow("cannot be made here");
    await using monitor = await serveMonitor();
    expect(await plugin.construct(registry, inputs, monitor.address)).toMatchObject({ port: 5000 });
  });

  it("is a cache where that is asked for, whose name may be an output", async () => {
    await using monitor = await serveMonitor();
    const credentials = { username: "ann", password: makeSecret("s3cret-of-ann") };
    const upstream = { url: "https://registry-1.docker.io", ttl: "168h", credentials };
    const inputs = { name: makeSecret("mirror"), upstream, port: 5001, container: { memory: 256 } };
    const state = await plugin.construct("registry-kit:index:PullThroughCache", inputs, monitor.address);
    expect(state).toMatchObject({ containerId: "registry-id" });
    const volumes = monitor.registered.filter(({ type }) => type === "docker:index/volume:Volume");
    const names = ["mirror-files", "mirror-registry-1.docker.io"];
    expect(volumes.map(({ inputs }) => inputs.name).toSorted()).toEqual(names);
    const container = monitor.registered.find(({ type }) => type === "docker:index/container:Container");
    expect(container?.inputs).toMatchObject({ memory: 256, ports: [{ external: 5001, ip: "127.0.0.1" }] });
    const files = monitor.registered.find(({ type }) => type === "registry-kit:files:VolumeFiles");
    expect(JSON.stringify(files?.inputs.files)).toContain("s3cret-of-ann");
    const nothing = plugin.construct("registry-kit:index:PullThroughCache", { upstream }, monitor.address);
    await expect(nothing).rejects.toThrow("properties are refused");
  });

  it("is none of another type", async () => {
    await using monitor = await serveMonitor();
    const nothing = plugin.construct("registry-kit:index:Nothing", {}, monitor.address);
    await expect(nothing).rejects.toThrow('no component "registry-kit:index:Nothing"');
  });
});
