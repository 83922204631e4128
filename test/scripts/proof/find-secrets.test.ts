import fc from "fast-check";
import { expect, it } from "vitest";
import { findSecrets, hideSecrets } from "../../../scripts/proof/find-secrets.ts";

const secret = fc.string({ minLength: 6, maxLength: 40, unit: "grapheme" }).filter((text) => text.trim().length >= 6);

it("finds a secret wherever it stands, as it is, in base64 and URL-encoded, and never shows it", () => {
  const encoders = [
    (text: string) => text,
    (text: string) => Buffer.from(text).toString("base64"),
    (text: string) => Buffer.from(text).toString("base64url"),
    (text: string) => encodeURIComponent(text.toWellFormed()),
  ];
  fc.assert(
    fc.property(secret, fc.constantFrom(...encoders), (text, encode) => {
      const document = { Config: { Env: ["A=b", `TOKEN=${encode(text)}`], Labels: { [encode(text)]: "" } } };
      const places = findSecrets(document, [text]);
      expect(places).toContain("Config.Env[1] (TOKEN)");
      expect(places).toHaveLength(2);
      const hidden = hideSecrets(`before ${encode(text)} after`, [text]);
      expect(hidden).toMatch(/^before \(hidden\)=* after$/);
    }),
  );
});

it("finds a key whose lines were joined or escaped", () => {
  const key =
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEA\n-----END PRIVATE KEY-----\n";
  const document = { env: [`K=${key.replaceAll("\n", "\\n")}`, `K=${key.replaceAll("\n", "")}`, `K=${key}`, "K=none"] };
  expect(findSecrets(document, [key])).toEqual(["env[0] (K)", "env[1] (K)", "env[2] (K)"]);
});

it("does not take a short secret for a part of a word, nor look for one of less than 6 characters", () => {
  const document = { image: "registry:3.1.2", name: "passwords", note: "a-password-b", id: "moby" };
  expect(findSecrets(document, ["password", "moby", "gistry"])).toEqual(["note"]);
});

it("finds nothing where there is nothing", () => {
  expect(findSecrets({ a: [1, null, true, undefined, { b: "c" }] }, ["unfindable"])).toEqual([]);
  expect(findSecrets({ a: "anything" }, ["        "])).toEqual([]);
});
