import { beforeAll, describe, expect, it } from "vitest";
import { certificateAuthorityDefinition } from "../../components/certificates/certificate-authority-lifecycle.ts";
import { serverCertificateDefinition } from "../../components/certificates/server-certificate-lifecycle.ts";
import type { PropertyMap } from "../../lib/protocol/property-value.ts";
import { defineResource } from "../../lib/provider/define-resource.ts";
import type { Lifecycle } from "../../lib/provider/lifecycle.ts";

const issued = Date.parse("2026-03-01T12:00:00Z");
const day = 86_400_000;

let now = new Date(issued);
let log: string[] = [];
const context = { urn: "urn:test", log: (severity: string, message: string) => log.push(`${severity}: ${message}`) };

/** A resource through its life at the clock `now`. */
async function made(lifecycle: Lifecycle, given: PropertyMap) {
  now = new Date(issued);
  log = [];
  const { inputs, failures } = await lifecycle.check({
    ...context,
    oldInputs: {},
    newInputs: given,
    randomSeed: new Uint8Array(),
  });
  expect(failures).toEqual([]);
  const { id, outputs } = await lifecycle.create({ ...context, inputs, preview: false, timeout: 0 });
  const change = (news: PropertyMap) => ({
    ...context,
    id,
    oldInputs: inputs,
    oldOutputs: outputs,
    newInputs: { ...inputs, ...news },
    ignoreChanges: [],
  });
  return {
    outputs,
    async diff(at: number, news: PropertyMap = {}) {
      now = new Date(at);
      return lifecycle.diff(change(news));
    },
    async update(at: number, news: PropertyMap = {}) {
      now = new Date(at);
      return lifecycle.update({ ...change(news), preview: false, timeout: 0 });
    },
  };
}

const authorityLifecycle = defineResource(certificateAuthorityDefinition, () => now).lifecycle;
const serverLifecycle = defineResource(serverCertificateDefinition, () => now).lifecycle;
const authorityInputs = { commonName: "Test CA", keyBits: 2048 };

describe("A certificate authority", () => {
  const end = issued + 3650 * day;

  it.each([
    ["a day before its window", end - 31 * day, undefined],
    ["a second before its window", end - 30 * day - 1000, undefined],
    ["at the edge of its window", end - 30 * day, "inside the renewal window of 30 days"],
    ["a second before its end", end - 1000, "inside the renewal window of 30 days"],
    ["at its end", end, "expired"],
    ["a year after its end", end + 365 * day, "expired"],
  ])("%s: what a preview says", async (_when, at, reason) => {
    const authority = await made(authorityLifecycle, authorityInputs);
    const difference = await authority.diff(at);
    if (!reason) {
      expect(difference).toMatchObject({ action: "none", changes: [] });
      expect(log).toEqual([]);
      return;
    }
    expect(difference.action).toBe("update");
    expect(difference.changes).toEqual([{ path: "notAfter", kind: "update", inputDiff: false }]);
    const date = "2036-02-27T12:00:00.000Z";
    expect(log).toEqual([
      reason === "expired"
        ? `info: expired on ${date}: it will be re-issued`
        : `info: expires ${date}, inside the renewal window of 30 days: it will be re-issued`,
    ]);
  });

  it("that begins in the future, as the clock was ahead, is re-issued at once", async () => {
    await expectReissue(await made(authorityLifecycle, authorityInputs));
  });

  it("is re-issued by an update inside the window, and is out of the window then", async () => {
    const authority = await made(authorityLifecycle, authorityInputs);
    const outputs = await authority.update(end - day);
    expect(outputs.notAfter).toBe(new Date(end - day + 3650 * day).toISOString());
    expect(outputs.fingerprint).not.toBe(authority.outputs.fingerprint);
    expect(outputs.privateKeyPem).not.toEqual(authority.outputs.privateKeyPem);
  });

  it("stays as it is in an update that only widens the window, unless it is inside the new one", async () => {
    const authority = await made(authorityLifecycle, authorityInputs);
    expect(await authority.update(issued + day, { renewBefore: "1 year" })).toEqual(authority.outputs);
    expect((await authority.update(end - 364 * day, { renewBefore: "1 year" })).fingerprint).not.toBe(
      authority.outputs.fingerprint,
    );
  });
});

describe("A server certificate", () => {
  let authority: PropertyMap;
  beforeAll(async () => {
    authority = (await made(authorityLifecycle, authorityInputs)).outputs;
  });
  const inputs = (by = authority): PropertyMap => ({
    hosts: ["a.test"],
    keyBits: 2048,
    authorityCertificatePem: by.certificatePem ?? null,
    authorityPrivateKeyPem: by.privateKeyPem ?? null,
  });
  const end = issued + 397 * day - 5 * 60_000;

  it.each([
    ["a second before its window", end - 30 * day - 1000, "none"],
    ["at the edge of its window", end - 30 * day, "update"],
    ["after its end", end + day, "update"],
  ])("%s: what a preview says", async (_when, at, action) => {
    const server = await made(serverLifecycle, inputs());
    expect((await server.diff(at)).action).toBe(action);
    expect(log).toHaveLength(action === "none" ? 0 : 1);
  });

  it("that begins in the future, as the clock was ahead, is re-issued at once", async () => {
    await expectReissue(await made(serverLifecycle, inputs()));
  });

  it("is re-issued by an update inside the window, under the same authority", async () => {
    const server = await made(serverLifecycle, inputs());
    const outputs = await server.update(end - day);
    expect(outputs.notAfter).toBe(new Date(end - day + 397 * day - 5 * 60_000).toISOString());
    expect(outputs.authorityCertificatePem).toBe(authority.certificatePem);
    expect(outputs.privateKeyPem).not.toEqual(server.outputs.privateKeyPem);
  });

  it("that ends with its authority is no reason for an update in every run, but for a warning", async () => {
    const short = (await made(authorityLifecycle, { ...authorityInputs, lifetime: "60 days" })).outputs;
    const server = await made(serverLifecycle, inputs(short));
    expect(server.outputs.notAfter).toBe(short.notAfter);
    expect((await server.diff(issued + 40 * day)).action).toBe("none");
    expect(log).toEqual([
      `warning: expires ${short.notAfter}, inside the renewal window of 30 days, together with its certificate authority: renew the authority first`,
    ]);
    expect(await server.update(issued + 40 * day, { renewBefore: "31 days" })).toEqual(server.outputs);
  });

  it("is refused under an authority that is out of date", async () => {
    const reasons = async (at: number) => {
      now = new Date(at);
      const request = { ...context, oldInputs: {}, newInputs: inputs(), randomSeed: new Uint8Array() };
      return (await serverLifecycle.check(request)).failures;
    };
    expect(await reasons(issued + 3650 * day)).toEqual([]);
    expect(await reasons(issued + 3650 * day + 1000)).toEqual([
      { property: "authorityCertificatePem", reason: "expired on 2036-02-27T12:00:00.000Z" },
    ]);
    expect(await reasons(issued - day)).toEqual([
      { property: "authorityCertificatePem", reason: "is valid only from 2026-03-01T11:55:00.000Z on" },
    ]);
  });

  it("waits in a preview for an authority that is not known yet", async () => {
    const server = await made(serverLifecycle, inputs());
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const difference = await server.diff(issued, { authorityCertificatePem: unknown });
    expect(difference.changes.map((change) => change.path)).toEqual(["authorityCertificatePem"]);
  });
});

/** Of a certificate that begins in the future, as a clock shows it that was ahead when it was issued. */
async function expectReissue(certificate: Awaited<ReturnType<typeof made>>): Promise<void> {
  const difference = await certificate.diff(issued - day);
  expect(difference.changes).toEqual([{ path: "notBefore", kind: "update", inputDiff: false }]);
  expect(log).toEqual([
    `info: begins only on ${certificate.outputs.notBefore}: this machine's clock was ahead when it was issued, or is behind now: it will be re-issued`,
  ]);
  const { notBefore } = await certificate.update(issued - day);
  expect(Date.parse(String(notBefore))).toBeLessThanOrEqual(issued - day);
}
