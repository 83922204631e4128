import { expect, it } from "vitest";
import { parseSettingPath, typed } from "../../../scripts/settings/setting-path.ts";
import { valueProblems } from "../../../scripts/settings/value-problems.ts";

const problemsOf = (path: string, value: string) =>
  valueProblems(parseSettingPath(path), typed(value)).map((problem) => `${problem.path} ${problem.reason}`);

it.each([
  ["container.memory", "abc", "container.memory"],
  ["container.memory", "1", "container.memory is 1; it must be at least 64"],
  ["container.nofile", "99999999999", "container.nofile is 99999999999; it must be at most 1048576"],
  ["port", "70000", "port is 70000; it must be at most 65535"],
  ["docker.url", "unix://var/run/docker.sock", "three slashes"],
  ["hosts[1]", "https://a", "hosts[1]"],
  ["hosts", '["docker_registry"]', "hosts[0]"],
  ["container", '{"memory":1}', "container.memory is 1"],
  ["caches.hub.port", "0", "caches.hub.port"],
  ["storage.bindMount.path", "images", "storage.bindMount.path"],
])("%s cannot be %s: %s", (path, value, words) => {
  expect(problemsOf(path, value)).toEqual([expect.stringContaining(words)]);
});

it.each([
  ["port", "5001"],
  ["name", "123"],
  ["hosts[1]", "registry.test"],
  ["tls", "none"],
  ["trust", "none"],
  ["users", "none"],
  ["trust.nodes[0].jump", "moby@node.test"],
  ["storage.s3.bucket", "images"],
  ["storage.bindMount.path", "/srv/images"],
  ["caches.hub.port", "5001"],
  ["container.labels.team", "7a"],
  ["registry.log.level", "debug"],
  ["service.replicas", "2"],
  ["swarm.initialize", "true"],
])("%s may be %s, whatever else is missing", (path, value) => {
  expect(problemsOf(path, value)).toEqual([]);
});
