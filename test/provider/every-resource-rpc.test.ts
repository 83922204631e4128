import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { makeSecret, unknownValue } from "../../lib/protocol/property-value.ts";
import { resources } from "../../provider/resources.ts";
import type { PluginClient } from "./plugin-client.ts";
import { startPlugin } from "./plugin-client.ts";

/** The inputs of each type that have no default, as other resources give them; what they would be is not known yet. */
const required: Record<string, string[]> = {
  "registry-kit:certificates:CertificateAuthority": ["commonName"],
  "registry-kit:certificates:ProvidedCertificate": ["hosts", "certificatePem", "privateKeyPem"],
  "registry-kit:certificates:ServerCertificate": ["hosts", "authorityCertificatePem", "authorityPrivateKeyPem"],
  "registry-kit:files:VolumeFiles": ["volume", "image", "files"],
  "registry-kit:files:VolumeOwner": ["volume", "image", "owner", "folder"],
  "registry-kit:nodes:DaemonConfiguration": ["connection"],
  "registry-kit:nodes:NodeTrust": ["hosts", "port", "connection"],
  "registry-kit:nodes:StackIdentity": [],
  "registry-kit:nodes:SwarmTrust": ["name", "hosts", "ports", "certificatePem", "image"],
  "registry-kit:registry:HttpSecret": [],
  "registry-kit:registry:ProcessLimit": ["container", "limit"],
  "registry-kit:swarm:ContentName": ["prefix", "digest"],
  "registry-kit:swarm:ServiceRollout": ["service", "revision", "timeout"],
  "registry-kit:swarm:SwarmMembership": [],
  "registry-kit:storage:SettledAccessKey": ["accessKey", "secretKey", "region", "url", "prefix"],
  "registry-kit:users:Htpasswd": ["users"],
};

describe("Every resource type of the provider", () => {
  let plugin: PluginClient;
  beforeAll(async () => {
    plugin = await startPlugin();
  });
  afterAll(() => plugin[Symbol.asyncDispose]());

  it("is in this table, and found under its own name", async () => {
    expect(Object.keys(resources).toSorted()).toEqual(Object.keys(required).toSorted());
    for (const [name, load] of Object.entries(resources)) expect((await load()).type).toBe(name);
  });

  const types = Object.keys(required);

  it.each(types)("%s takes inputs that are not known yet, and makes nothing in a preview", async (type) => {
    const client = plugin.resource(type);
    const unknowns: PropertyMap = Object.fromEntries(required[type]?.map((key) => [key, unknownValue]) ?? []);
    const { inputs, failures } = await client.check(unknowns);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(unknowns);
    const { id, outputs } = await client.previewCreate(inputs);
    expect(id).toBe("");
    expect(Object.keys(outputs).length).toBeGreaterThan(0);
    // A registry's defaults decide what else is made, so they are known in advance.
    const { defaults, ...rest } = outputs;
    expect(defaults).toBe(type === "registry-kit:registry:HttpSecret" ? 4 : undefined);
    expect(new Set(Object.values(rest))).toEqual(new Set([unknownValue]));
  });

  it.each(types)("%s names each input that is missing or not its own", async (type) => {
    const { failures } = await plugin.resource(type).check({ nonsense: 1 });
    const properties = failures.map(({ property }) => property);
    expect(properties.toSorted()).toEqual(["nonsense", ...(required[type] ?? [])].toSorted());
    for (const { reason } of failures) expect(reason.length).toBeGreaterThan(5);
  });

  it.each(types)("%s refuses to be imported, and says so", async (type) => {
    const foreign = { id: "x", inputs: {}, outputs: {} };
    await expect(plugin.resource(type).read(foreign)).rejects.toThrow(`${type} can't be imported`);
  });

  it("refuses a type that it does not have, by name", async () => {
    const call = plugin.resource("registry-kit:registry:Nothing").check({ a: makeSecret("s3cret-") });
    await expect(call).rejects.toThrow('no resource type "registry-kit:registry:Nothing"');
    await expect(call).rejects.not.toThrow("s3cret-");
  });
});
