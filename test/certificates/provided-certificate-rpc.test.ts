import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { isSecret, makeSecret } from "../../lib/protocol/property-value.ts";
import type { PluginClient, RecordedResource, ResourceClient } from "../provider/plugin-client.ts";
import { startPlugin } from "../provider/plugin-client.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { authorityExtensions, opensslIssue } from "./openssl-issue.ts";

describe("ProvidedCertificate over gRPC", () => {
  let plugin: PluginClient;
  let certificates: ResourceClient;
  let given: PropertyMap;
  let next: PropertyMap;
  let root: string;
  let made: RecordedResource;

  beforeAll(async () => {
    await using folder = await temporaryFolder();
    root = (await opensslIssue(folder.path, "root", { extensions: authorityExtensions })).certificate;
    const request = { by: "root", extensions: ["subjectAltName=DNS:a.test,DNS:b.test", "basicConstraints=CA:FALSE"] };
    const [one, two] = [
      await opensslIssue(folder.path, "one", request),
      await opensslIssue(folder.path, "two", request),
    ];
    const common = { hosts: ["a.test"], renewBefore: "1 day", chainPem: root };
    given = { ...common, certificatePem: one.certificate, privateKeyPem: makeSecret(one.key) };
    next = { ...common, certificatePem: two.certificate, privateKeyPem: makeSecret(two.key) };
    plugin = await startPlugin();
    certificates = plugin.resource("registry-kit:certificates:ProvidedCertificate");
    made = await certificates.create((await certificates.check(given)).inputs);
  });
  afterAll(() => plugin[Symbol.asyncDispose]());

  it("has the outputs of a server certificate, the key as a secret", () => {
    expect(Object.keys(made.outputs).toSorted()).toEqual([
      "authorityCertificatePem",
      "certificatePem",
      "chainPem",
      "fingerprint",
      "notAfter",
      "notBefore",
      "privateKeyPem",
      "serialNumber",
    ]);
    expect(made.outputs.certificatePem).toBe(given.certificatePem);
    expect(made.outputs.chainPem).toBe(`${given.certificatePem}${root}`);
    expect(made.outputs.authorityCertificatePem).toBe(root);
    expect(made.outputs.privateKeyPem).toEqual(given.privateKeyPem);
    expect(Object.keys(made.outputs).filter((key) => isSecret(made.outputs[key]))).toEqual(["privateKeyPem"]);
  });

  it("refuses at preview what does not fit, and tells no part of the key", async () => {
    const { failures } = await certificates.check({
      ...given,
      hosts: ["c.test"],
      privateKeyPem: next.privateKeyPem ?? null,
    });
    expect(failures.map((failure) => failure.property)).toEqual(["certificatePem", "privateKeyPem"]);
    expect(JSON.stringify(failures)).not.toContain("PRIVATE KEY");
  });

  it.each<[string, () => PropertyMap]>([
    ["certificatePem", () => next],
    ["privateKeyPem", () => next],
    ["chainPem", () => ({ chainPem: `\n${root}` })],
    ["hosts", () => ({ hosts: ["a.test", "b.test"] })],
    ["renewBefore", () => ({ renewBefore: "2 days" })],
  ])("updates in place when %s changes", async (property, change) => {
    const { inputs, failures } = await certificates.check({ ...given, ...change() }, made.inputs);
    expect(failures).toEqual([]);
    const { action, properties } = await certificates.diff(made, inputs);
    expect(action).toBe("update");
    expect(properties).toContain(property);
    const { outputs } = await certificates.update(made, inputs);
    expect(outputs.certificatePem).toBe(inputs.certificatePem);
    expect(outputs.privateKeyPem).toEqual(inputs.privateKeyPem);
    expect(outputs.fingerprint === made.outputs.fingerprint).toBe(inputs.certificatePem === given.certificatePem);
  });

  it("warns inside the renewal window, but asks for no update", async () => {
    const { inputs, failures } = await certificates.check({ ...given, renewBefore: "31 days" });
    expect(failures).toEqual([]);
    const line = `warning: expires ${made.outputs.notAfter}, inside the renewal window of 31 days: get a new one from its issuer`;
    await vi.waitFor(() => expect(plugin.log).toContain(line), { timeout: 10_000 });
    expect(await certificates.diff({ ...made, inputs }, inputs)).toMatchObject({ action: "none" });
  });

  it("is read and deleted without touching anything", async () => {
    expect(await certificates.read(made)).toEqual(made);
    await certificates.delete(made);
  });
});
