import { describe, expect, it } from "vitest";
import { isSecretSetting, parseSettingPath, pathText, typed } from "../../../scripts/settings/setting-path.ts";

describe("the path of a setting", () => {
  it.each<[string, string, boolean]>([
    ["port", "registry-kit:port", false],
    ["registry-kit:port", "registry-kit:port", false],
    ["hosts[0]", "registry-kit:hosts[0]", false],
    ["users.gordon.password", "registry-kit:users.gordon.password", true],
    ['users["it\'s.me"].hash', 'registry-kit:users["it\'s.me"].hash', true],
    ["storage.s3.secretKey", "registry-kit:storage.s3.secretKey", true],
    ["storage.volume.name", "registry-kit:storage.volume.name", false],
    ["tls.provided.privateKey", "registry-kit:tls.provided.privateKey", true],
    ["caches.hub.password", "registry-kit:caches.hub.password", true],
    ["container.labels.team", "registry-kit:container.labels.team", false],
  ])("%s is %s, a secret: %s", (text, full, isSecret) => {
    const path = parseSettingPath(text);
    expect([pathText(path), isSecretSetting(path)]).toEqual([full, isSecret]);
  });

  it.each([
    ["prot", 'There is no setting "prot". The nearest: port'],
    ["constructor", 'There is no setting "constructor".'],
    ["storage.volum.name", 'storage has no setting "volum". The nearest: volume'],
    ["users.gordon.pasword", 'users.gordon has no setting "pasword". The nearest: password'],
    ["hosts[", "is no property path"],
    ["", "is no path of a setting"],
  ])("%j is refused: %s", (text, message) => {
    expect(() => parseSettingPath(text)).toThrow(message);
  });

  it.each<[string, unknown]>([
    ["5001", 5001],
    ["true", true],
    ["007", "007"],
    ["a b", "a b"],
    ['["a","b"]', ["a", "b"]],
    ["[a", "[a"],
  ])("the value %s is taken as %j", (text, value) => {
    expect(typed(text)).toEqual(value);
  });
});
