import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { isSecret, makeSecret, unknownValue } from "../../lib/protocol/property-value.ts";
import type { PluginClient, RecordedResource, ResourceClient } from "../provider/plugin-client.ts";
import { startPlugin } from "../provider/plugin-client.ts";

const authorityInputs: PropertyMap = { commonName: "Test CA", keyBits: 2048 };

describe("Certificates over gRPC", () => {
  let plugin: PluginClient;
  let authorities: ResourceClient;
  let servers: ResourceClient;
  let authority: RecordedResource;
  let other: RecordedResource;
  let server: RecordedResource;

  const underAuthority = (by: RecordedResource): PropertyMap => ({
    authorityCertificatePem: by.outputs.certificatePem ?? null,
    authorityPrivateKeyPem: by.outputs.privateKeyPem ?? null,
  });
  const create = async (resources: ResourceClient, given: PropertyMap) => {
    const { inputs, failures } = await resources.check(given);
    expect(failures).toEqual([]);
    return resources.create(inputs);
  };

  beforeAll(async () => {
    plugin = await startPlugin();
    authorities = plugin.resource("registry-kit:certificates:CertificateAuthority");
    servers = plugin.resource("registry-kit:certificates:ServerCertificate");
    authority = await create(authorities, authorityInputs);
    other = await create(authorities, authorityInputs);
    server = await create(servers, { hosts: ["a.test", "::1"], keyBits: 2048, ...underAuthority(authority) });
  });
  afterAll(() => plugin[Symbol.asyncDispose]());

  it("fills in the defaults", async () => {
    expect((await authorities.check({ commonName: "Test CA" })).inputs).toEqual({
      commonName: "Test CA",
      keyBits: 3072,
      keyType: "ecdsa",
      organizationalUnit: "test",
      lifetime: "10 years",
      renewBefore: "30 days",
      generation: 1,
    });
    expect(server.inputs).toMatchObject({ lifetime: "397 days", renewBefore: "30 days", generation: 1 });
  });

  it("wraps the keys, and nothing else, as secrets, whether the inputs came as secrets or not", async () => {
    for (const resource of [authority, server]) {
      const secrets = Object.keys(resource.outputs).filter((key) => isSecret(resource.outputs[key]));
      expect(secrets).toEqual(["privateKeyPem"]);
      expect(JSON.stringify({ ...resource.outputs, privateKeyPem: null })).not.toContain("PRIVATE KEY");
    }
    expect(isSecret(server.inputs.authorityPrivateKeyPem)).toBe(true);
    const hidden = await create(authorities, { ...authorityInputs, commonName: makeSecret("Hidden") });
    expect(hidden.outputs.privateKeyPem).toSatisfy(isSecret);
  });

  it("tells of the certificate what the certificate says", () => {
    const { certificatePem, chainPem, notAfter, notBefore, fingerprint, serialNumber } = server.outputs;
    const certificate = new X509Certificate(String(certificatePem));
    expect(certificate.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(fingerprint);
    expect(certificate.serialNumber.toLowerCase()).toBe(serialNumber);
    expect([certificate.validFromDate.toISOString(), certificate.validToDate.toISOString()]).toEqual([
      notBefore,
      notAfter,
    ]);
    expect(chainPem).toBe(`${certificatePem}${authority.outputs.certificatePem}`);
    expect(server.outputs.authorityCertificatePem).toBe(authority.outputs.certificatePem);
  });

  it("finds no difference in unchanged inputs, reads the recorded state and deletes without complaint", async () => {
    expect(await servers.diff(server, server.inputs)).toMatchObject({ action: "none", properties: [] });
    expect(await servers.read(server)).toEqual(server);
    expect(await authorities.read(authority)).toEqual(authority);
    await servers.delete(server);
    await authorities.delete(authority);
  });

  it.each<[string, PropertyMap, "re-issued" | "kept"]>([
    ["commonName", { commonName: "Another CA" }, "re-issued"],
    ["keyBits", { keyBits: 3072 }, "re-issued"],
    ["lifetime", { lifetime: "5 years" }, "re-issued"],
    ["renewBefore", { renewBefore: "60 days" }, "kept"],
    ["generation", { generation: 2 }, "re-issued"],
  ])("updates an authority in place when %s changes", async (property, change, effect) => {
    const news = (await authorities.check({ ...authority.inputs, ...change }, authority.inputs)).inputs;
    expect(await authorities.diff(authority, news)).toMatchObject({ action: "update", properties: [property] });
    const updated = await authorities.update(authority, news);
    if (effect === "kept") return expect(updated.outputs).toEqual(authority.outputs);
    expect(updated.outputs.fingerprint).not.toBe(authority.outputs.fingerprint);
    expect(updated.outputs.privateKeyPem).toSatisfy(isSecret);
    expect(updated.outputs.privateKeyPem).not.toEqual(authority.outputs.privateKeyPem);
    expect(await authorities.diff(updated, news)).toMatchObject({ action: "none" });
  });

  it.each<[string, () => PropertyMap, "re-issued" | "kept"]>([
    ["hosts", () => ({ hosts: ["b.test"] }), "re-issued"],
    ["authorityCertificatePem", () => underAuthority(other), "re-issued"],
    ["keyBits", () => ({ keyBits: 3072 }), "re-issued"],
    ["lifetime", () => ({ lifetime: "90 days" }), "re-issued"],
    ["renewBefore", () => ({ renewBefore: "60 days" }), "kept"],
    ["generation", () => ({ generation: 2 }), "re-issued"],
  ])("updates a server certificate in place when %s changes", async (property, change, effect) => {
    const news = (await servers.check({ ...server.inputs, ...change() }, server.inputs)).inputs;
    const { action, properties } = await servers.diff(server, news);
    expect(action).toBe("update");
    expect(properties).toContain(property);
    const updated = await servers.update(server, news);
    if (effect === "kept") return expect(updated.outputs).toEqual(server.outputs);
    expect(updated.outputs.fingerprint).not.toBe(server.outputs.fingerprint);
    expect(updated.outputs.privateKeyPem).toSatisfy(isSecret);
    expect(updated.outputs.privateKeyPem).not.toEqual(server.outputs.privateKeyPem);
    const certificate = new X509Certificate(String(updated.outputs.certificatePem));
    expect(certificate.verify(new X509Certificate(String(news.authorityCertificatePem)).publicKey)).toBe(true);
    expect(certificate.checkHost("a.test") === undefined).toBe(property === "hosts");
    expect(await servers.diff(updated, news)).toMatchObject({ action: "none" });
  });

  it("keeps both when generation is lowered", async () => {
    const raised = await servers.update(server, { ...server.inputs, generation: 3 });
    const lowered = await servers.update(raised, { ...server.inputs, generation: 2 });
    expect(lowered.outputs).toEqual(raised.outputs);
    const raisedAuthority = await authorities.update(authority, { ...authority.inputs, generation: 3 });
    const loweredAuthority = await authorities.update(raisedAuthority, { ...authority.inputs, generation: 2 });
    expect(loweredAuthority.outputs).toEqual(raisedAuthority.outputs);
  });

  it("shows at preview that a certificate is inside its renewal window", async () => {
    const notAfter = new Date(Date.now() + 29 * 86_400_000).toISOString();
    const old = { ...server, outputs: { ...server.outputs, notAfter } };
    expect(await servers.diff(old, server.inputs)).toMatchObject({ action: "update", properties: ["notAfter"] });
    const line = `info: expires ${notAfter}, inside the renewal window of 30 days: it will be re-issued`;
    await vi.waitFor(() => expect(plugin.log).toContain(line), { timeout: 10_000 });
  });

  it("refuses all that is wrong with an authority at once", async () => {
    const given = { keyBits: 1024, lifetime: "ten years", renewBefore: "x", generation: 0, colour: "red" };
    const { failures } = await authorities.check(given);
    expect(failures.map((failure) => failure.property).toSorted()).toEqual([
      "colour",
      "commonName",
      "generation",
      "keyBits",
      "lifetime",
      "renewBefore",
    ]);
    const reason = async (commonName: string) => (await authorities.check({ commonName })).failures[0]?.reason;
    expect(await reason("漢".repeat(64))).toBeUndefined();
    for (const bad of ["", " x", "x ", "a\nb", "x".repeat(65)]) expect(await reason(bad)).toContain("1 to 64");
  });

  it("refuses windows that are not shorter than the lifetime, before the authority is known, too", async () => {
    const windows = { lifetime: "30 days", renewBefore: "720 hours" };
    const failure = {
      property: "renewBefore",
      reason: "the renewal window of 720 hours must be shorter than the lifetime of 30 days",
    };
    expect((await authorities.check({ ...authorityInputs, ...windows })).failures).toEqual([failure]);
    const unknown = { authorityCertificatePem: unknownValue, authorityPrivateKeyPem: unknownValue };
    expect((await servers.check({ hosts: ["a.test"], ...unknown, ...windows })).failures).toEqual([failure]);
  });

  it("refuses server certificates that live longer than 397 days and hosts that are none", async () => {
    const { failures } = await servers.check({ ...server.inputs, lifetime: "398 days", hosts: ["https://a.test"] });
    expect(failures).toEqual([
      { property: "hosts[0]", reason: '"https://a.test" has a scheme: give the host alone: "a.test"' },
      {
        property: "lifetime",
        reason: "must be 397 days at most: clients refuse server certificates that live longer",
      },
    ]);
  });

  it("refuses authorities that can't sign", async () => {
    const check = async (change: PropertyMap) => (await servers.check({ ...server.inputs, ...change })).failures;
    expect(await check({ authorityPrivateKeyPem: other.outputs.privateKeyPem ?? null })).toEqual([
      {
        property: "authorityPrivateKeyPem",
        reason: expect.stringMatching(
          /^is not the key of the authority's certificate "CN=Test CA, OU=test, serialN\w+=\w+"$/,
        ),
      },
    ]);
    const leaf = {
      authorityCertificatePem: server.outputs.certificatePem ?? null,
      authorityPrivateKeyPem: server.outputs.privateKeyPem ?? null,
    };
    expect(await check(leaf)).toEqual([
      { property: "authorityCertificatePem", reason: '"CN=a.test" is not a certificate authority' },
    ]);
    expect(await check({ authorityCertificatePem: "", authorityPrivateKeyPem: "secret text" })).toEqual([
      {
        property: "authorityCertificatePem",
        reason: 'is empty: give PEM text, "-----BEGIN CERTIFICATE-----" ...',
      },
      {
        property: "authorityPrivateKeyPem",
        reason: 'holds no private key: give PEM text, "-----BEGIN PRIVATE KEY-----" ...',
      },
    ]);
  });
});
