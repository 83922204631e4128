import { describe, expect, it } from "vitest";
import type { SwarmNode } from "../../../components/swarm/placement-constraint.ts";
import { fitsConstraint } from "../../../components/swarm/placement-constraint.ts";
import type { ServiceSettings } from "../../../stacks/service/settings.ts";
import { serviceSettings } from "../../../stacks/service/settings.ts";
import type { Settings } from "../../../stacks/settings/settings.ts";
import { nodeProblems } from "../../../stacks/swarm/node-problems.ts";

function node(
  hostname: string,
  {
    plugins = [] as string[],
    labels = {},
    state = "ready",
    role = "worker",
    size = undefined as [cpus: number, mebibytes: number] | undefined,
  } = {},
): SwarmNode {
  return {
    ID: `id-of-${hostname}`,
    Spec: { Role: role, Availability: "active", Labels: labels },
    Status: { State: state },
    Description: {
      Hostname: hostname,
      Platform: { OS: "linux" },
      ...(size ? { Resources: { NanoCPUs: size[0] * 1e9, MemoryBytes: size[1] * 1024 * 1024 } } : {}),
      Engine: { Labels: { disk: "ssd" }, Plugins: plugins.map((Name) => ({ Type: "Volume", Name })) },
    },
  };
}

const objects = { objects: { driver: "s3" } };
const local = { volume: { name: "v", keep: true } };
const rclone = { volume: { name: "v", driver: "rclone", keep: true } };

function problems(storage: object, service: object, nodes: SwarmNode[], ownDrivers: string[] = []): string[] {
  const settings = { storage, service: serviceSettings.parse(service) } as unknown as Settings & {
    service: ServiceSettings;
  };
  const found = nodeProblems(settings, { nodes, ownNode: "id-of-a", ownDrivers });
  return found.map(({ path, reason }) => `${path} ${reason}`);
}

describe("A placement constraint", () => {
  const a = node("a", { labels: { zone: "East" }, role: "manager" });
  it.each([
    ["node.hostname==a", true],
    ["node.hostname == A", true],
    ["node.hostname!=a", false],
    ["node.id==id-of-a", true],
    ["node.role==manager", true],
    ["node.role!=manager", false],
    ["node.labels.zone==east", true],
    ["node.labels.rack==1", false],
    ["node.labels.rack!=1", true],
    ["engine.labels.disk==ssd", true],
    ["node.platform.os==linux", true],
    ["node.ip==10.0.0.1", true],
  ])("%s fits: %s", (constraint, fits) => {
    expect(fitsConstraint(a, constraint)).toBe(fits);
  });
});

describe("The nodes of a swarm", () => {
  const nodes = [node("a"), node("b"), node("c", { state: "down" })];

  it("do for a volume of its own when nothing is said: the stack pins it", () => {
    expect(problems(local, {}, nodes)).toEqual([]);
  });

  it("must be one for a volume that they don't share, also of those that are down now", () => {
    const placement = { constraints: ["node.role==worker"] };
    expect(problems(local, { placement }, nodes)).toEqual([
      expect.stringMatching(/^service\.placement\.constraints allow 3 nodes \(a, b, c\), .*node\.hostname==a/),
    ]);
    expect(problems(local, { placement: { constraints: ["node.hostname==b"] } }, nodes)).toEqual([]);
  });

  it("must be there", () => {
    const placement = { constraints: ["node.labels.registry==true"] };
    expect(problems(objects, { placement }, nodes)).toEqual([
      expect.stringMatching(
        /allow no node that is ready and active\. Nodes: a \(ready, active\), .*c \(down, active\)/,
      ),
    ]);
  });

  it("must be as many as there are replicas with host ports, or with a limit per node", () => {
    expect(problems(objects, { replicas: 3, publish: "host" }, nodes)).toEqual([
      expect.stringMatching(/^service\.replicas is 3, but with publish: host .* and 2 may run/),
    ]);
    expect(problems(objects, { replicas: 5, placement: { maxPerNode: 2 } }, nodes)).toEqual([
      expect.stringMatching(/^service\.replicas is 5, .*Set it to 4 at most/),
    ]);
    expect(problems(objects, { replicas: 5 }, nodes)).toEqual([]);
    expect(problems(objects, { replicas: "global", publish: "host" }, nodes)).toEqual([]);
  });

  it("must all have the driver of the volume, as the swarm or this engine knows it", () => {
    expect(problems(rclone, {}, nodes)).toEqual([
      expect.stringMatching(/^storage\.volume\.driver is rclone, which a, b may need/),
    ]);
    expect(problems(rclone, {}, nodes, ["rclone"])).toEqual([expect.stringMatching(/which b may need/)]);
    expect(problems(rclone, {}, [node("a"), node("b", { plugins: ["rclone:latest"] })], ["rclone"])).toEqual([]);
  });
});

describe("What a node must have", () => {
  const nodes = [node("a", { size: [2, 1000] }), node("b", { size: [8, 16_000], labels: { big: "yes" } })];
  const on = (constraint: string) => ({ placement: { constraints: [constraint] } });
  const all = "Nodes with their processors: a (2), b (8). Set 8 or less, or leave it out.";
  it.each<[string, object, object, string[]]>([
    ["as much as the largest has", objects, { cpus: 8, reservations: { cpus: 8, memory: 16_000 } }, []],
    [
      "more processors",
      objects,
      { cpus: 8.5 },
      [`service.cpus is 8.5, and no node that may run the registry has so much. ${all}`],
    ],
    [
      "more on a shared volume",
      { volume: { ...rclone.volume, driver: "local", driverOptions: { type: "nfs" } } },
      { cpus: 9 },
      [expect.stringContaining("service.cpus is 9, and no node")],
    ],
    [
      "reserved processors",
      objects,
      { reservations: { cpus: 9 } },
      [
        expect.stringContaining(
          `service.reservations.cpus is 9, and no node that may run the registry has so much. ${all}`,
        ),
      ],
    ],
    [
      "reserved memory",
      objects,
      { reservations: { memory: 16_001 } },
      [
        "service.reservations.memory is 16001, and no node that may run the registry has so much. Nodes with their MiB: a (1000), b (16000). Set 16000 or less, or leave it out.",
      ],
    ],
    ["a limit of memory, which no node minds", objects, { memory: 64_000 }, []],
    [
      "the node of the engine, for a volume",
      local,
      { cpus: 3 },
      [
        "service.cpus is 3, and no node that may run the registry has so much. Nodes with their processors: a (2). Set 2 or less, or leave it out.",
      ],
    ],
    ["the one that constraints name", local, { cpus: 3, ...on("node.labels.big==yes") }, []],
    [
      "the small one that constraints name",
      objects,
      { cpus: 3, ...on("node.hostname==a") },
      [expect.stringContaining("a (2). Set 2 or less")],
    ],
  ])("%s", (_title, storage, service, expected) => {
    expect(problems(storage, service, nodes)).toEqual(expected);
  });

  it("is not judged where the swarm does not say what a node has", () => {
    expect(problems(objects, { cpus: 100 }, [node("a"), node("b", { size: [1, 1] })])).toEqual([]);
  });
});
