import { describe, expect, it } from "vitest";
import { KitProvider } from "../../components/kit-provider.ts";
import { deploy } from "../../stacks/deploy.ts";
import { testSettings } from "../support/test-settings.ts";
import { isSecretValue, recordGraph, revealed } from "./record-graph.ts";

/** The resources on nodes that settings make, name -> inputs. */
async function onNodes(values: Record<string, unknown>): Promise<Record<string, Record<string, unknown>>> {
  const settings = testSettings({ hosts: ["registry.test", "127.0.0.1"], ...values });
  const graph = await recordGraph(() => deploy(settings, new KitProvider("registry-kit")));
  const ours = graph.filter(({ type }) => /^registry-kit:nodes:(NodeTrust|DaemonConfiguration)$/.test(type));
  expect(ours.every(({ deleteBeforeReplace }) => deleteBeforeReplace)).toBe(true);
  return Object.fromEntries(ours.map(({ type, name, inputs }) => [`${type.split(":")[2]} ${name}`, inputs]));
}

const plain = { tls: "none", users: "none", insecure: "i-understand" };

describe("the setting trust", () => {
  it("makes a resource a node, whose login is a secret", async () => {
    const made = await onNodes({
      trust: {
        nodes: { here: "local", web: "ssh://moby@10.0.0.1:2222" },
        ssh: { sudo: true, sudoPassword: "s3cret" },
      },
    });
    expect(Object.keys(made)).toEqual(["NodeTrust registry-trust-here", "NodeTrust registry-trust-web"]);
    const web = made["NodeTrust registry-trust-web"] ?? {};
    expect(web.connection).toEqual({ type: "ssh", host: "10.0.0.1", port: 2222 });
    expect(isSecretValue(web.login)).toBe(true);
    expect(revealed(web.login)).toEqual({ user: "moby", sudo: true, sudoPassword: "s3cret" });
  });

  it("none makes nothing", async () => expect(await onNodes({ trust: "none" })).toEqual({}));

  it("tells the daemons of a registry without TLS in daemon.json, but for loopback addresses", async () => {
    expect(await onNodes(plain)).toEqual({
      "DaemonConfiguration registry-daemon": {
        connection: { type: "local" },
        rootless: false,
        insecureRegistries: ["registry.test:5000"],
        registryMirrors: [],
        ifPresent: false,
        stack: "stack-1",
      },
    });
    expect(await onNodes({ ...plain, hosts: ["127.0.0.1", "localhost"] })).toEqual({});
  });

  it("tells containerd and podman of it in files of theirs", async () => {
    const made = await onNodes({ ...plain, trust: { clients: ["podman"] } });
    expect(Object.keys(made)).toEqual(["NodeTrust registry-trust"]);
    expect(made["NodeTrust registry-trust"]).toMatchObject({ insecure: true, clients: ["podman"] });
  });

  it("gives mirrors of Docker Hub to the daemons, and all of them to the clients that take all", async () => {
    const mirrors = { "docker.io": ["https://m.test:5001"], "quay.io": ["https://q.test"] };
    const made = await onNodes({ trust: { clients: "detect", mirrors, insecureRegistries: ["10.0.0.0/8"] } });
    expect(made["NodeTrust registry-trust"]).toMatchObject({ mirrors, clients: "detect" });
    expect(made["DaemonConfiguration registry-daemon"]).toMatchObject({
      registryMirrors: ["https://m.test:5001"],
      insecureRegistries: ["10.0.0.0/8"],
      ifPresent: true,
    });
  });
});
