import { describe, expect, it } from "vitest";
import { Passphrase } from "../../../engine/state/passphrase.ts";
import { SecretValues } from "../../../engine/state/secret-values.ts";
import { makeSecret } from "../../../lib/protocol/property-value.ts";

describe("the passphrase", () => {
  it("decrypts what the Pulumi CLI (3.260) encrypted", async () => {
    const key = await Passphrase.open(
      "correct horse",
      "v1:rPbaxrvsFPw=:v1:Mfmh1qLKZD+VZNtK:fmka9US6pSUcLVIorNP9eLlfAz/udQ==",
    );
    expect(key.decrypt("v1:yOXopZ5M0MRN9Aeu:ul37YFf2THcrTIvyjvz678dhECPxWuQ=")).toBe("väl ue");
  });

  it("is refused where it is not the one of the salt, and says what to set", async () => {
    const { salt } = await Passphrase.create("right");
    await expect(Passphrase.open("wrong", salt)).rejects.toThrow("PULUMI_CONFIG_PASSPHRASE");
  });

  it("refuses a salt that is none", async () => {
    await expect(Passphrase.open("p", "v2:abc")).rejects.toThrow("not of the form");
  });

  it("refuses a ciphertext that was changed", async () => {
    const key = await Passphrase.create("p");
    const ciphertext = key.encrypt("secret");
    const changed = ciphertext.slice(0, -4) + (ciphertext.endsWith("AAA=") ? "BBB=" : "AAA=");
    expect(() => key.decrypt(changed)).toThrow("cannot be decrypted");
  });
});

describe("secret values", () => {
  it("keep their ciphertext where they did not change, in their resource only", async () => {
    const key = await Passphrase.create("p");
    const map = { list: [{ inner: makeSecret({ a: 1 }) }], plain: 1 };
    const encrypted = new SecretValues(key, key).encrypt(map, "urn:a");
    expect(JSON.stringify(encrypted)).not.toContain('"a"');
    const values = new SecretValues(key, key);
    expect(values.decrypt(encrypted, "urn:a")).toEqual(map);
    expect(values.encrypt(map, "urn:a")).toEqual(encrypted);
    expect(values.encrypt(map, "urn:b")).not.toEqual(encrypted);
  });

  it("are encrypted again where the salt is another one", async () => {
    const [old, current] = await Promise.all([Passphrase.create("p"), Passphrase.create("p")]);
    const map = { value: makeSecret("s") };
    const values = new SecretValues(old, current);
    const decrypted = values.decrypt(new SecretValues(old, old).encrypt(map, "urn"), "urn");
    expect(new SecretValues(current, current).decrypt(values.encrypt(decrypted, "urn"), "urn")).toEqual(map);
  });
});
