import { describe, expect, it } from "vitest";
import { sha256 } from "../../../lib/files/sha256.ts";
import type { StackResource } from "../../../scripts/engines/engine.ts";
import { deployedOn } from "../../../scripts/teardown/deployed-on.ts";
import { teardownPlan } from "../../../scripts/teardown/teardown-plan.ts";

function resource(type: string, rest: Partial<StackResource> = {}): StackResource {
  return { urn: `urn:pulumi:dev::registry-kit::${type}::it`, type, ...rest };
}

describe("A plan of a teardown", () => {
  it("names a bucket that goes with its images, and none that was adopted or is kept", () => {
    const bucket = (id: string, rest: Partial<StackResource>) => resource("aws:s3/bucket:Bucket", { id, ...rest });
    const plan = teardownPlan([
      bucket("lost", { retainOnDelete: false }),
      bucket("adopted", { external: true }),
      bucket("kept", { retainOnDelete: true }),
    ]);
    expect(plan).toMatchObject({ goes: ["bucket lost"], lostStores: ["bucket lost"], kept: [] });
  });

  it("names what it changes on nodes and swarms", () => {
    const membership = (made: boolean) => resource("registry-kit:swarm:SwarmMembership", { outputs: { made } });
    const plan = teardownPlan([
      membership(true),
      membership(false),
      resource("registry-kit:nodes:SwarmTrust", { id: "registry-trust" }),
      resource("registry-kit:nodes:DaemonConfiguration", { id: "a.test:22:/etc/docker/daemon.json" }),
    ]);
    expect(plan.goes).toEqual([
      "entries in daemon.json (a.test:22:/etc/docker/daemon.json)",
      "service registry-trust with the ca.crt on every node of the swarm",
      "the swarm that this stack created, unless others use it",
    ]);
  });

  it("keeps the volume of a service, which no resource stands for", () => {
    const mounts = [
      { type: "volume", source: "registry-data", target: "/var/lib/registry" },
      { type: "tmpfs", target: "/tmp" },
    ];
    const inputs = { name: "registry", taskSpec: { containerSpec: { mounts } } };
    const plan = teardownPlan([resource("docker:index/service:Service", { inputs })]);
    expect(plan).toMatchObject({ goes: ["service registry"], keptVolumes: ["registry-data"], lostStores: [] });
    const task = { constraints: [], driver: "local" };
    const owner = resource("registry-kit:files:VolumeOwner", { inputs: { volume: "registry-data", task } });
    const begun = "a run that was killed made the volume, and no service yet";
    expect(teardownPlan([owner]), begun).toMatchObject({ goes: [], keptVolumes: ["registry-data"] });
    const both = teardownPlan([owner, resource("docker:index/service:Service", { inputs })]);
    expect(both.keptVolumes, "it is named once").toEqual(["registry-data"]);
    const ofContainer = resource("registry-kit:files:VolumeOwner", { inputs: { volume: "registry-data" } });
    expect(teardownPlan([ofContainer]).keptVolumes, "a resource stands for that of a container").toEqual([]);
  });

  it("names of the files of a trust only those that go, and why the others stay", () => {
    const print = (content: string) => ({ sha256: sha256(content), mode: "0644", owner: "0:0" });
    const file = (path: string, now: string, previous?: string) => ({
      path,
      written: print("ours"),
      found: print(now),
      ...(previous && { previous: { content: previous, mode: "0644", owner: "0:0" } }),
    });
    const files = [file("/a", "ours"), file("/b", "ours", "ours"), file("/c", "ours", "older"), file("/d", "theirs")];
    const plan = teardownPlan([resource("registry-kit:nodes:NodeTrust", { outputs: { files } })]);
    expect(plan.goes).toEqual(["/a"]);
    expect(plan.stays).toEqual([
      "/b (it was there before)",
      "/c (what was there before is restored)",
      "/d (someone has changed it)",
    ]);
  });

  it("counts the volume of a cache among what goes or stays, and not as images that are lost", () => {
    const ofCache = (id: string, rest: Partial<StackResource> = {}) => {
      const type = "docker:index/volume:Volume";
      const parents = "registry-kit:index:PullThroughCache$registry-kit:index:RegistryContainer";
      return { ...resource(type, { id, ...rest }), urn: `urn:pulumi:dev::registry-kit::${parents}$${type}::${id}` };
    };
    const plan = teardownPlan([ofCache("hub-data"), ofCache("quay-data", { retainOnDelete: true })]);
    expect(plan).toEqual({
      goes: ["volume hub-data (what a cache has fetched)"],
      stays: [],
      kept: [],
      keptVolumes: [],
      keptCaches: ["quay-data"],
      lostStores: [],
    });
  });

  it("tells volumes with images from those with configuration", () => {
    const volume = (id: string) => resource("docker:index/volume:Volume", { id });
    const plan = teardownPlan([
      volume("registry-data"),
      volume("registry-files"),
      resource("docker:index/container:Container", { inputs: { name: "registry" } }),
    ]);
    expect(plan.lostStores).toEqual(["volume registry-data"]);
  });
});

describe("The engine that a stack was deployed on", () => {
  const provider = (inputs: Record<string, unknown>) => resource("pulumi:providers:docker", { inputs });

  it("is that of its explicit provider, also beside a default one", () => {
    expect(deployedOn([provider({ version: "5.2.0" }), provider({ host: "ssh://a.test" })])).toEqual({
      url: "ssh://a.test",
    });
  });

  it("is the docker command's with the default provider, and not known without any", () => {
    expect(deployedOn([provider({ version: "5.2.0" })])).toEqual({});
    expect(deployedOn([resource("registry-kit:users:Htpasswd")])).toBeUndefined();
  });
});
