import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { formatStatus, nodeStatus, stackStatus } from "../../scripts/stack-status.ts";

const now = new Date("2026-11-21T12:00:00Z");
const node = { name: "web", address: "10.0.0.1:22", state: "in place" };

describe("the status of a node", () => {
  it("is in place, with the days that its authority is valid", () => {
    expect(nodeStatus({ ...node, certificateExpires: "2026-12-01T12:00:00Z" }, now)).toEqual({
      name: "web",
      address: "10.0.0.1:22",
      state: "in place",
      certificateExpires: "2026-12-01T12:00:00Z",
      certificateDaysLeft: 10,
    });
  });

  it("is a line each for people", () => {
    const registry = { url: "https://r.test", running: true, state: "running", dockerHost: "unix:///d", users: [] };
    const local = { ...node, name: "local", address: "local" };
    const text = formatStatus({ ...registry, nodes: [nodeStatus(node, now), nodeStatus(local, now)] });
    expect(text).toContain("Trusted by   web (10.0.0.1:22): in place\n");
    expect(text).toContain("Trusted by   local: in place\n");
  });
});

it.each([
  ["dev", "gone: npm run refresh, then npm run up"],
  ["swarm", "gone: npm run refresh -- --stack swarm, then npm run up -- --stack swarm"],
])("the status of stack %s says what to type for it once its container is gone", async (name, state) => {
  const server = createServer((_, response) => response.writeHead(404).end('{"message":"no such container"}'));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = "https://r.test";
  const made = { url, hosts: [], address: "", guarded: [], port: 1, userNames: [], passwords: {}, acceptsPushes: true };
  const status = await stackStatus(
    name,
    { ...made, nodes: [], containerId: "x" },
    { url: `tcp://127.0.0.1:${port}` },
    now,
  );
  server.close();
  expect(status).toMatchObject({ running: false, state });
});
