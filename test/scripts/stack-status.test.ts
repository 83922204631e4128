import { describe, expect, it } from "vitest";
import { formatStatus, nodeStatus } from "../../scripts/stack-status.ts";

const now = new Date("2026-11-21T12:00:00Z");
const written = { sha256: "aa", mode: "0444", owner: "0:0" };
const file = { path: "/etc/docker/certs.d/r.test/ca.crt", written, found: written };
const node = { name: "web", address: "10.0.0.1:22", files: [file], daemonDrift: [] };

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

  it("names everything that is not as it should be", () => {
    const gone = { path: file.path, written };
    const drifted = { ...node, files: [gone], daemonDrift: ["dockerd does not use r.test:5000"] };
    expect(nodeStatus(drifted, now).state).toBe(`${file.path} is gone; dockerd does not use r.test:5000`);
  });

  it("is a line each for people", () => {
    const registry = { url: "https://r.test", running: true, state: "running", dockerHost: "unix:///d", users: [] };
    const local = { ...node, name: "local", address: "local", files: [] };
    const text = formatStatus({ ...registry, nodes: [nodeStatus(node, now), nodeStatus(local, now)] });
    expect(text).toContain("Trusted by   web (10.0.0.1:22): in place\n");
    expect(text).toContain("Trusted by   local: in place\n");
  });
});
