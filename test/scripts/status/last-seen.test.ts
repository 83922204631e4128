import { describe, expect, it } from "vitest";
import { withLastSeen } from "../../../scripts/status/last-seen.ts";

const written = { sha256: "aa", mode: "0444", owner: "0:0" };
const path = "/etc/docker/certs.d/r.test:5000/ca.crt";
const other = "/etc/docker/certs.d/r.test:5001/ca.crt";
const asLeft = (name: string) => ({ name, address: name, state: "in place" });
const resource = (type: string, name: string, outputs: Record<string, unknown>) => ({
  urn: `urn:pulumi:dev::registry-kit::registry-kit:nodes:${type}::${name}`,
  type: `registry-kit:nodes:${type}`,
  outputs,
});
const gone = (path: string) => ({ files: [{ path, written }] });
const there = (path: string) => ({ files: [{ path, written, found: written }] });

describe("the nodes of a deployment, as a refresh saw them", () => {
  it("show what is gone by now, of the registry and of caches", () => {
    const resources = [
      resource("NodeTrust", "registry-trust", there(path)),
      resource("NodeTrust", "cache-docker-hub-trust", gone(other)),
      resource("DaemonConfiguration", "registry-daemon", { drift: ["dockerd does not use r.test:5000"] }),
    ];
    const { nodes } = withLastSeen({ nodes: [asLeft("local")] }, resources);
    const state = `${other} is gone; dockerd does not use r.test:5000`;
    expect(nodes).toEqual([{ ...asLeft("local"), state }]);
  });

  it("are kept apart where the name of one ends with that of another", () => {
    const resources = [
      resource("NodeTrust", "registry-trust-old-web", gone(path)),
      resource("NodeTrust", "registry-trust-web", there(path)),
    ];
    const { nodes } = withLastSeen({ nodes: [asLeft("old-web"), asLeft("web")] }, resources);
    expect(nodes.map(({ state }) => state)).toEqual([`${path} is gone`, "in place"]);
  });

  it("are those that a swarm has by now", () => {
    const resources = [resource("SwarmTrust", "registry-swarm-trust", { nodes: ["a", "b"] })];
    expect(withLastSeen({ nodes: [], trustedNodes: ["a"] }, resources).trustedNodes).toEqual(["a", "b"]);
  });

  it("are as the last up left them where nothing tells more", () => {
    const nodes = [{ ...asLeft("local"), state: `${path} is gone` }];
    expect(withLastSeen({ nodes }, [])).toEqual({ nodes });
  });
});
