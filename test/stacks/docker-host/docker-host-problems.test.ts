import { afterEach, expect, it, vi } from "vitest";
import { checkHost } from "../../../stacks/preflight.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testSettings } from "../../support/test-settings.ts";

afterEach(() => vi.unstubAllEnvs());

/** What a preview says of an engine that the environment names, before any engine is asked. */
async function problems(environment: Record<string, string>): Promise<string[]> {
  for (const name of ["DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"]) vi.stubEnv(name, "");
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return (await checkHost(testSettings({ hosts: ["127.0.0.1"] }), "dev")).map(
    ({ path, reason }) => `${path} ${reason}`,
  );
}

it.each([
  ["docker.test", 'DOCKER_HOST is "docker.test"; it must be unix:///path'],
  ["/var/run/docker.sock", 'DOCKER_HOST is "/var/run/docker.sock"; it must be unix:///path'],
  ["tcp://", 'DOCKER_HOST is "tcp://"; it must be unix:///path'],
  ["fd://", 'DOCKER_HOST is "fd://"; it must be unix:///path'],
  ["ssh://-oProxyCommand=id", "with names that ssh takes"],
  ["ssh://moby:hunter2@docker.test", 'DOCKER_HOST is "ssh://***@docker.test"; it must be unix:///path'],
  ["unix:///nowhere.sock", "DOCKER_HOST unix:///nowhere.sock does not answer (connect ENOENT /nowhere.sock)"],
  ["TCP://docker.test:2375", 'DOCKER_HOST is "TCP://docker.test:2375"; it must be'],
  ["tcp://docker.test:2375", "docker.insecure is not set, and DOCKER_HOST is tcp://docker.test:2375, without TLS"],
])("DOCKER_HOST %s is named as what it is", async (host, words) => {
  const found = await problems({ DOCKER_HOST: host });
  expect(found).toEqual([expect.stringContaining(words)]);
  expect(found[0]).not.toContain("hunter2");
});

it("a folder without the files of TLS is named", async () => {
  await using folder = await temporaryFolder();
  expect(await problems({ DOCKER_HOST: "tcp://127.0.0.1:2376", DOCKER_CERT_PATH: folder.path })).toEqual([
    `DOCKER_HOST leads to no engine. ${folder.path}/ca.pem cannot be read (ENOENT): name the folder with ca.pem, cert.pem and key.pem in docker.certPath or DOCKER_CERT_PATH.`,
  ]);
});
