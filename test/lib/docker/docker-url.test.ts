import { expect, it } from "vitest";
import { dockerHost } from "../../../lib/docker/docker-host.ts";

const problemOf = (url: string) => dockerHost.safeParse({ url }).error?.issues.map(({ message }) => message);

it.each([
  "unix:///var/run/docker.sock",
  "npipe:////./pipe/docker_engine",
  "tcp://docker.test:2376",
  "tcp://[::1]:2376",
  "tcp://docker.test",
  "ssh://docker.test",
  "ssh://moby@docker.test:2222",
  "ssh://moby@[fd00::2]:22",
  "ssh://docker_host/run/user/1000/docker.sock",
])("%s is a Docker engine", (url) => {
  expect(problemOf(url)).toBeUndefined();
});

it.each([
  ["", "must be unix:///path"],
  ["docker.test:2376", "must be unix:///path"],
  ["http://docker.test:2375", "must be unix:///path"],
  ["unix:///run/a\nb.sock", "must be unix:///path"],
  ["unix://var/run/docker.sock", "three slashes"],
  ["unix://~/.docker/run/docker.sock", "three slashes"],
  ["tcp://docker.test:99999", "with a port up to 65535"],
  ["tcp://docker test:2376", "no blanks"],
  ["tcp://moby@docker.test:2376", "without a user"],
  ["tcp://docker.test:2376?tls=1", 'without "?" and "#"'],
  ["ssh://moby:hunter2@docker.test", "without a password"],
  ["ssh://-oProxyCommand=id", "names that ssh takes"],
  ["ssh://-oProxyCommand=id@docker.test", "names that ssh takes"],
  ["ssh://moby@-oProxyCommand=id", "names that ssh takes"],
  ["ssh://docker.test;id", "names that ssh takes"],
  ["ssh://$(id)@docker.test|id", "names that ssh takes"],
  ["ssh://moby@docker.test:99999", "with a port up to 65535"],
  ["ssh://docker.test#x", 'without "?" and "#"'],
])("%j is none: %s", (url, words) => {
  expect(problemOf(url)).toEqual([expect.stringContaining(words)]);
});
