import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Docker from "dockerode";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { formatStatus, nodeStatus, stackStatus } from "../../../scripts/status/stack-status.ts";
import { describeWithDocker } from "../../support/describe-with-docker.ts";
import { registryImage, startRegistry } from "../../support/start-registry.ts";

const now = new Date("2026-11-21T12:00:00Z");
const registry = { url: "https://r.test", hosts: [], address: "", port: 1 };
const made = { ...registry, guarded: [], userNames: [], passwords: {}, acceptsPushes: true };
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

  it("has times as people read them, and says what Docker means by starting", () => {
    const registry = { url: "https://r.test", running: true, state: "running", dockerHost: "unix:///d", users: [] };
    const text = formatStatus({
      ...registry,
      nodes: [],
      health: "starting",
      startedAt: "2026-12-01T05:15:00.123456789Z",
    });
    expect(text).toContain("running, not checked yet");
    expect(text).toContain("Started      2026-12-01 05:15:00 UTC\n");
  });
});

it.each([
  ["dev", "gone: npm run refresh, then npm run up"],
  ["swarm", "gone: npm run refresh -- --stack swarm, then npm run up -- --stack swarm"],
])("the status of stack %s says what to type for it once its container is gone", async (name, state) => {
  const server = createServer((_, response) => response.writeHead(404).end('{"message":"no such container"}'));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const status = await stackStatus(
    name,
    { ...made, nodes: [], containerId: "x" },
    { url: `tcp://127.0.0.1:${port}` },
    now,
  );
  server.close();
  expect(status).toMatchObject({ running: false, state });
});

describeWithDocker("the image in the status", () => {
  it("has the name that the stack asked for, with the digest of that registry alone", async () => {
    const docker = new Docker();
    await using registry = await startRegistry();
    const other = `127.0.0.1:${registry.port}/theirs/registry`;
    await docker.getImage(registryImage).tag({ repo: other, tag: "1" });
    try {
      await execa("docker", ["push", `${other}:1`], { timeout: 60_000 });
      const { Id } = await docker.getImage(registryImage).inspect();
      // The kit gives a container the image's id.
      const container = await docker.createContainer({ Image: Id });
      const seen = async (name: string) => {
        const outputs = { name, imageId: Id };
        const image = { urn: "urn:image", type: "docker:index/remoteImage:RemoteImage", outputs };
        return (await stackStatus("dev", { ...made, nodes: [], containerId: container.id }, {}, now, [image])).image;
      };
      expect(await seen(registryImage)).toMatch(/^registry:3\.1\.2(@sha256:[0-9a-f]{64})?$/);
      expect(await seen(`${other}:1`)).toMatch(new RegExp(`^${other}:1@sha256:[0-9a-f]{64}$`));
      expect(await seen(`mirror.test/registry:3.1.2`)).toBe("mirror.test/registry:3.1.2");
      await container.remove({ v: true });
    } finally {
      await docker.getImage(`${other}:1`).remove();
    }
  });
});
