import { createPrivateKey, createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { beginKeyPair, generateKeyPair } from "../../components/certificates/key-pair.ts";

describe("key pairs that are begun early", () => {
  it("are handed out once, and never a second time", async () => {
    beginKeyPair(2048);
    beginKeyPair(2048);
    const keys = await Promise.all([generateKeyPair(2048), generateKeyPair(2048), generateKeyPair(2048)]);
    expect(new Set(keys.map(({ privateKeyPem }) => privateKeyPem)).size).toBe(3);
  });

  it("do not serve for another size", async () => {
    beginKeyPair(2048);
    const { privateKeyPem, publicKeyPem } = await generateKeyPair(3072);
    expect(createPrivateKey(privateKeyPem).asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(createPublicKey(createPrivateKey(privateKeyPem)).export({ type: "spki", format: "pem" })).toBe(publicKeyPem);
  });
});
