import { expect, it } from "vitest";
import { hostWarnings } from "../../../stacks/hosts/host-warnings.ts";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

it("says of an IPv6 address that older Docker cannot name it, and of nothing else", () => {
  const of = (hosts: string[]) =>
    hostWarnings(testSettings({ hosts, trust: "none", address: hosts.includes("::1") ? "::1" : undefined }));
  expect(of(["fd00::2"])).toEqual([
    "hosts[0] is fd00::2: Docker 20 to 28 cannot name a registry by an IPv6 address ([fd00::2]:5000/image is no name to them). Add a DNS name for this address to hosts, and give that to clients.",
  ]);
  expect(of(["registry.test", "10.0.0.7"])).toEqual([]);
  expect(of(["::1"])).toEqual([]);
});

it.each([
  [{ hosts: ["fd00::2"] }, true],
  [{ hosts: ["fd00::2", "fd00::3"], trust: "swarm", service: {} }, true],
  [{ hosts: ["fd00::2"], trust: { clients: ["docker"] } }, true],
  [{ hosts: ["fd00::2"], trust: { clients: ["docker", "podman"] } }, false],
  [{ hosts: ["fd00::2"], trust: { clients: "detect" } }, false],
  [{ hosts: ["fd00::2"], trust: "none" }, false],
  [{ hosts: ["fd00::2", "registry.test"], address: "::" }, false],
  [{ hosts: ["::1"] }, false],
])("with %o Docker is left without a name for the registry: %s", (values, expected) => {
  const problems = settingsProblems(() => testSettings(values));
  const ours = problems.filter((line) => line.includes("has IPv6 addresses only"));
  expect(ours).toEqual(
    expected
      ? [expect.stringMatching(/^hosts has IPv6 addresses only, .*\(\[fd00::2\]:5000\/image is no name to them\)/)]
      : [],
  );
});
