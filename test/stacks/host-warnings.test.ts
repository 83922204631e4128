import { expect, it } from "vitest";
import { hostWarnings } from "../../stacks/host-warnings.ts";
import { testSettings } from "../support/test-settings.ts";

it("says of an IPv6 address that older Docker cannot name it, and of nothing else", () => {
  const of = (hosts: string[]) =>
    hostWarnings(testSettings({ hosts, address: hosts.includes("::1") ? "::1" : undefined }));
  expect(of(["fd00::2"])).toEqual([
    "hosts[0] is fd00::2: Docker 20 to 28 cannot name a registry by an IPv6 address ([fd00::2]:5000/image is no name to them). Add a DNS name for this address to hosts, and give that to clients.",
  ]);
  expect(of(["registry.test", "10.0.0.7"])).toEqual([]);
  expect(of(["::1"])).toEqual([]);
});
