import { afterEach, expect, it, vi } from "vitest";
import type { NodeConnection } from "../../../components/machines/node-connection.ts";
import { mirrorHost } from "../../../stacks/trust/mirror-host.ts";

afterEach(() => vi.unstubAllEnvs());

const local: NodeConnection = { type: "local" };
const b: NodeConnection = { type: "ssh", host: "node-b", port: 22 };
const hosts = ["localhost", "r.test"];

it.each<[string, string | undefined, string, NodeConnection, string]>([
  ["this machine's engine, from here", undefined, "", local, "localhost"],
  ["this machine's engine, from elsewhere", undefined, "", b, "r.test"],
  ["this machine's engine over TCP, from here", "tcp://127.0.0.1:2375", "", local, "localhost"],
  ["an engine elsewhere, from there", "ssh://root@node-b", "", b, "localhost"],
  ["an engine elsewhere, from here", "ssh://root@node-b", "", local, "r.test"],
  ["an engine elsewhere by DOCKER_HOST, from there", undefined, "ssh://root@node-b", b, "localhost"],
  ["an engine elsewhere by DOCKER_HOST, from here", undefined, "ssh://root@node-b", local, "r.test"],
])("a cache of %s is reached by a name that leads there", (_, url, environment, node, expected) => {
  vi.stubEnv("DOCKER_HOST", environment);
  expect(mirrorHost({ hosts, docker: url === undefined ? {} : { url } }, node)).toBe(expected);
});

it("a cache that listens on loopback addresses only can't be reached from elsewhere", () => {
  vi.stubEnv("DOCKER_HOST", "");
  expect(mirrorHost({ hosts: ["localhost"], docker: {} }, b)).toBeUndefined();
});
