import { describe, expect, it } from "vitest";
import { issueAuthority } from "../../components/certificates/issue-authority.ts";
import { certificateKeySize } from "../../policy/rules/certificate-key-size.ts";
import { certificateLifetime } from "../../policy/rules/certificate-lifetime.ts";
import { opensslCertificate } from "./openssl-certificate.ts";
import { resource, secret } from "./resources.ts";

const provided = (pem: string) =>
  resource("registry-kit:certificates:ProvidedCertificate", "c", { certificatePem: pem, privateKeyPem: "x" });
const tls = (kind: string, properties: Record<string, string | number | boolean>) =>
  resource(`tls:index/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`, "c", properties);

describe("rules about certificates", () => {
  it("take a server certificate of 398 days, in plain text and inside a Docker secret", async () => {
    const pem = await opensslCertificate({ days: 398, key: "rsa:2048" });
    for (const judged of [provided(pem), secret(pem, "server.crt")])
      expect([...certificateLifetime.check(judged), ...certificateKeySize.check(judged)]).toEqual([]);
  });

  it("refuse one of 400 days, in plain text and inside a Docker secret", async () => {
    const pem = await opensslCertificate({ days: 400, key: "rsa:2048" });
    for (const judged of [provided(pem), secret(pem, "server.crt")])
      expect(certificateLifetime.check(judged)).toEqual([expect.stringMatching(/valid for 400 days.*398 or fewer/)]);
  });

  it("refuse small keys", async () => {
    expect(certificateKeySize.check(provided(await opensslCertificate({ days: 30, key: "rsa:1024" })))).toEqual([
      expect.stringMatching(/RSA key has 1024 bits/),
    ]);
    const curve = await opensslCertificate({ days: 30, key: "secp224r1" });
    expect(certificateKeySize.check(provided(curve))).toEqual([expect.stringMatching(/elliptic key has 224 bits/)]);
    const good = await opensslCertificate({ days: 30, key: "prime256v1" });
    expect(certificateKeySize.check(provided(good))).toEqual([]);
  });

  it("let an authority live longer than what it signs", async () => {
    const { certificatePem } = await issueAuthority(
      { commonName: "CA", keyBits: 2048, lifetime: "10 years" },
      new Date("2026-01-01"),
    );
    expect(certificateLifetime.check(provided(certificatePem))).toEqual([]);
  });

  it("look at what is still to be made", () => {
    expect(certificateLifetime.check(tls("SelfSignedCert", { validityPeriodHours: 24 * 365 }))).toEqual([]);
    expect(certificateLifetime.check(tls("LocallySignedCert", { validityPeriodHours: 24 * 999 }))).toHaveLength(1);
    const ca = { validityPeriodHours: 24 * 999, isCaCertificate: true };
    expect(certificateLifetime.check(tls("SelfSignedCert", ca))).toEqual([]);
    expect(certificateKeySize.check(tls("PrivateKey", { algorithm: "RSA", rsaBits: 1024 }))).toHaveLength(1);
    expect(certificateKeySize.check(tls("PrivateKey", { algorithm: "RSA", rsaBits: 2048 }))).toEqual([]);
    expect(certificateKeySize.check(tls("PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P224" }))).toHaveLength(1);
    const small = resource("registry-kit:certificates:ServerCertificate", "c", { keyBits: 1024 });
    expect(certificateKeySize.check(small)).toHaveLength(1);
  });

  it("leave what only looks like a certificate to the program that takes it", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----";
    expect([...certificateLifetime.check(provided(pem)), ...certificateKeySize.check(provided(pem))]).toEqual([]);
  });
});
