import { createPrivateKey, X509Certificate } from "node:crypto";
import forge from "node-forge";
import { beforeAll, describe, expect, it } from "vitest";
import type { IssuedCertificate } from "../../components/certificates/issue-authority.ts";
import { issueAuthority } from "../../components/certificates/issue-authority.ts";
import { issueServerCertificate } from "../../components/certificates/issue-server-certificate.ts";

const now = new Date("2026-03-01T12:00:00.750Z");

interface Extension {
  name: string;
  critical: boolean;
  [detail: string]: unknown;
}

/** Extensions by name; only what differs from "absent" or "false". */
function extensionsOf(pem: string): Record<string, object> {
  const { extensions } = forge.pki.certificateFromPem(pem) as unknown as { extensions: Extension[] };
  return Object.fromEntries(
    extensions.map(({ name, id: _id, value: _value, ...rest }) => [
      name,
      Object.fromEntries(Object.entries(rest).filter(([, detail]) => detail !== false && detail !== undefined)),
    ]),
  );
}

function server(authority: IssuedCertificate, hosts: string[], at = now) {
  return issueServerCertificate({ hosts, keyBits: 2048, lifetime: "397 days" }, authority, at);
}

describe("What certificates say", () => {
  let authority: IssuedCertificate;
  beforeAll(async () => {
    authority = await issueAuthority({ commonName: "Test CA", keyBits: 2048, lifetime: "10 years" }, now);
  });

  it("lets an authority sign certificates and revocation lists, but no further authorities", () => {
    const id = forge.pki.certificateFromPem(authority.certificatePem).generateSubjectKeyIdentifier().toHex();
    expect(extensionsOf(authority.certificatePem)).toEqual({
      basicConstraints: { critical: true, cA: true, pathLenConstraint: 0 },
      keyUsage: { critical: true, keyCertSign: true, cRLSign: true },
      subjectKeyIdentifier: { subjectKeyIdentifier: id },
      authorityKeyIdentifier: {},
    });
    const certificate = new X509Certificate(authority.certificatePem);
    expect(certificate.subject).toBe("CN=Test CA");
    expect(certificate.issuer).toBe("CN=Test CA");
    expect(certificate.raw.includes(Buffer.from(`8014${id}`, "hex"))).toBe(true);
  });

  it("lets a server be a TLS server for its names, each in its field", async () => {
    const { certificatePem } = await server(authority, ["a.test", "*.b.test", "192.0.2.7", "2001:db8::abc"]);
    const { altNames: _, ...names } = extensionsOf(certificatePem).subjectAltName as { altNames: object };
    const id = forge.pki.certificateFromPem(certificatePem).generateSubjectKeyIdentifier().toHex();
    expect(extensionsOf(certificatePem)).toMatchObject({
      basicConstraints: { critical: true },
      keyUsage: { critical: true, digitalSignature: true, keyEncipherment: true },
      extKeyUsage: { serverAuth: true },
      subjectKeyIdentifier: { subjectKeyIdentifier: id },
    });
    expect(Object.keys(extensionsOf(certificatePem)).toSorted()).toEqual([
      "authorityKeyIdentifier",
      "basicConstraints",
      "extKeyUsage",
      "keyUsage",
      "subjectAltName",
      "subjectKeyIdentifier",
    ]);
    expect(extensionsOf(certificatePem).basicConstraints).not.toHaveProperty("cA");
    expect(names).toEqual({});
    const certificate = new X509Certificate(certificatePem);
    expect(certificate.ca).toBe(false);
    expect(certificate.subjectAltName).toBe(
      "DNS:a.test, DNS:*.b.test, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:ABC",
    );
    expect(certificate.subject).toBe("CN=a.test");
    const authorityId = forge.pki.certificateFromPem(authority.certificatePem).generateSubjectKeyIdentifier().toHex();
    expect(certificate.raw.includes(Buffer.from(`8014${authorityId}`, "hex"))).toBe(true);
  });

  it("has no subject, and critical names, where no host fits into a common name", async () => {
    const long = `${"a".repeat(61)}.test`;
    expect(new X509Certificate((await server(authority, [long, "b.test"])).certificatePem).subject).toBe("CN=b.test");
    const { certificatePem } = await server(authority, [long]);
    expect(new X509Certificate(certificatePem).subject).toBeUndefined();
    expect(extensionsOf(certificatePem).subjectAltName).toMatchObject({ critical: true });
  });

  it("signs with SHA-256 and makes keys of the size asked for, in PKCS #8", async () => {
    const { certificatePem, privateKeyPem } = await issueAuthority(
      { commonName: "Test CA", keyBits: 3072, lifetime: "1 day" },
      now,
    );
    expect(forge.pki.certificateFromPem(certificatePem).siginfo.algorithmOid).toBe(
      forge.pki.oids.sha256WithRSAEncryption,
    );
    expect(privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(createPrivateKey(privateKeyPem).asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
  });

  it("gives every certificate a new positive serial number of 128 bits", async () => {
    const issued = await Promise.all(Array.from({ length: 8 }, () => server(authority, ["a.test"])));
    const serials = issued.map(({ certificatePem }) => new X509Certificate(certificatePem).serialNumber);
    expect(new Set(serials).size).toBe(8);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it("is valid from five minutes before its issue on, in whole seconds, and 397 days in all at most", async () => {
    const certificate = new X509Certificate((await server(authority, ["a.test"])).certificatePem);
    expect(certificate.validFromDate.toISOString()).toBe("2026-03-01T11:55:00.000Z");
    expect(certificate.validToDate.toISOString()).toBe("2027-04-02T11:55:00.000Z");
    const own = new X509Certificate(authority.certificatePem);
    expect(own.validFromDate.toISOString()).toBe("2026-03-01T11:55:00.000Z");
    expect(own.validToDate.toISOString()).toBe("2036-02-27T12:00:00.000Z");
  });

  it("ends with its authority where that ends first", async () => {
    const late = new Date("2036-01-01T00:00:00Z");
    const certificate = new X509Certificate((await server(authority, ["a.test"], late)).certificatePem);
    expect(certificate.validToDate.toISOString()).toBe("2036-02-27T12:00:00.000Z");
  });

  it("writes years up to 2049 as UTCTime and later ones as GeneralizedTime, as RFC 5280 wants", async () => {
    const content = async (at: string) => {
      const request = { commonName: "Test CA", keyBits: 2048, lifetime: "1 second" } as const;
      return new X509Certificate((await issueAuthority(request, new Date(at))).certificatePem);
    };
    const before = await content("2049-12-31T23:59:58Z");
    expect(before.validToDate.toISOString()).toBe("2049-12-31T23:59:59.000Z");
    expect(before.raw.includes(Buffer.from("\x17\x0d491231235959Z"))).toBe(true);
    const after = await content("2049-12-31T23:59:59Z");
    expect(after.validToDate.toISOString()).toBe("2050-01-01T00:00:00.000Z");
    expect(after.raw.includes(Buffer.from("\x17\x0d491231235459Z"))).toBe(true);
    expect(after.raw.includes(Buffer.from("\x18\x0f20500101000000Z"))).toBe(true);
  });
});
