import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiProblems } from "../../../engine/docker/common/api-needs.ts";
import { Connection } from "../../../engine/docker/common/connection.ts";
import { resourceTypes } from "../../../engine/docker/provider.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { dockerInputs } from "../../../scripts/documentation/docker-table.ts";
import { honouredContainers, honouredNetwork, honouredVolume, leavesOf } from "./honoured-inputs.ts";
import type { PluginClient } from "./plugin-client.ts";
import { image, startOurs, uniqueName } from "./plugins.ts";
import { TestResource } from "./resource.ts";

const docker = new Docker();
const made: TestResource[] = [];
let plugin: PluginClient;
beforeAll(async () => {
  plugin = await startOurs();
});
afterAll(async () => {
  for (const resource of made.reverse()) await resource.delete();
  plugin.stop();
});

const name = uniqueName();
const around = { image, network: `${name}-n`, volume: `${name}-v`, container: name };
const containers = honouredContainers(around);
const network = honouredNetwork(`${name}-m`);
const volume = honouredVolume(around.volume);

async function create(type: string, wanted: PropertyMap): Promise<TestResource> {
  const subject = new TestResource(plugin, type);
  made.push(subject);
  return await subject.create(wanted);
}

/** Honoured inputs whose effect the inspection of the object does not tell: a test of their own looks. */
const elsewhere = [
  "Container storageOpts", // only some storage drivers have any; the others refuse it
  "Network ingress", // a swarm has one only, and has it from the start
];

describe("the inputs of Docker objects that the documentation calls honoured", () => {
  test("Volume: all are what Docker tells", async () => {
    const subject = await create("Volume", volume.given);
    expect(await docker.getVolume(subject.id).inspect()).toMatchObject(volume.told);
    expect(await subject.diff(volume.given)).toMatchObject({ changes: "none" });
  });

  test("Network: all are what Docker tells", async () => {
    const subject = await create("Network", network.given);
    expect(await docker.getNetwork(subject.id).inspect()).toMatchObject(network.told);
    expect(await subject.diff(network.given)).toMatchObject({ changes: "none" });
  });

  test("Container: all are what Docker tells", async () => {
    await create("Network", {
      name: around.network,
      ipv6: true,
      ipamConfigs: [{ subnet: "10.212.0.0/24" }, { subnet: "fd00:212::/64" }],
    });
    await create("Container", {
      image,
      name: `${name}-base`,
      volumes: [{ containerPath: "/x" }],
      start: false,
      mustRun: false,
    });
    for (const { given, told } of containers) {
      const subject = await create("Container", { ...given, start: false, mustRun: false });
      expect(await docker.getContainer(subject.id).inspect()).toMatchObject(told);
      const { changes, replaces, detailed } = await subject.diff({ ...given, start: false, mustRun: false });
      expect({ changes, replaces, detailed }).toEqual({ changes: "none", replaces: [], detailed: {} });
    }
  });

  test("RemoteImage: the name is one of the image's, and Docker hears of the platform", async () => {
    const subject = await create("RemoteImage", { name: image, keepLocally: true });
    const { Id, RepoTags } = await docker.getImage(image).inspect();
    expect(subject.outputs.imageId).toBe(Id);
    expect(RepoTags).toContain(image);
    // An image that is there already is taken as it is: only a pull has a platform.
    await expect(create("RemoteImage", { name: "127.0.0.1:9/none", platform: "not a platform" })).rejects.toThrow(
      /"not a platform"/,
    );
  });

  test.each([
    { type: "RemoteImage", given: [{ name: "", platform: "" }] },
    { type: "Container", given: containers.map((container) => container.given) },
    { type: "Network", given: [network.given] },
    { type: "Volume", given: [volume.given] },
  ])("$type: none of them is left out here", ({ type, given }) => {
    const compared = new Set(given.flatMap((inputs) => leavesOf(inputs)));
    const missing = dockerInputs()
      .filter((input) => input.type === type && input.fate === "honoured")
      .filter(
        ({ path }) => !compared.has(path) && !elsewhere.includes(`${type} ${path}`) && !path.startsWith("uploads"),
      )
      .map(({ path }) => path);
    expect(missing).toEqual([]);
  });

  test("Container uploads: content, mode and owner are those of the file", async () => {
    const uploads = [
      { file: "/a", content: "a", owner: "1001", group: "1002", permissions: "0640" },
      { file: "/b", contentBase64: Buffer.from("b").toString("base64"), owner: "root", executable: true },
      { file: "/c", source: import.meta.filename },
    ];
    const subject = await create("Container", { image, uploads, start: false, mustRun: false });
    const header = async (path: string) => {
      const archive = await docker.getContainer(subject.id).getArchive({ path });
      const block = (await archive[Symbol.asyncIterator]().next()).value as Buffer;
      const number = (from: number) => Number.parseInt(block.subarray(from, from + 7).toString(), 8);
      return { mode: (number(100) & 0o777).toString(8), uid: number(108), gid: number(116) };
    };
    expect(await header("/a")).toEqual({ mode: "640", uid: 1001, gid: 1002 });
    expect(await header("/b")).toEqual({ mode: "744", uid: 0, gid: 0 });
    expect(await header("/c")).toEqual({ mode: "644", uid: 0, gid: 0 });
    await expect(
      create("Container", { image, uploads: [{ file: "/d", content: "d", owner: "nobody-here" }], start: false }),
    ).rejects.toThrow(/no "nobody-here" in \/etc\/passwd/);
  });
});

describe("an input that needs a newer Docker", () => {
  const needing: [string, PropertyMap][] = [
    ["healthcheck.startInterval", { healthcheck: { tests: ["CMD", "true"], startInterval: "5s" } }],
    [
      "mounts[0].volumeOptions.subpath",
      { mounts: [{ type: "volume", target: "/x", volumeOptions: { subpath: "a" } }] },
    ],
    ["networksAdvanced[0].gwPriority", { networksAdvanced: [{ name: "x", gwPriority: 5 }] }],
    ["networksAdvanced[0].macAddress", { networksAdvanced: [{ name: "x", macAddress: "02:42:ac:11:00:02" }] }],
  ];
  class Daemon extends Connection {
    readonly #api: string;
    constructor(api: string) {
      super();
      this.#api = api;
    }
    override async apiVersion(): Promise<string> {
      return this.#api;
    }
  }
  const fields = resourceTypes.find(({ token }) => token.endsWith(":Container"))?.inputs ?? {};

  test("is one of these", () => {
    const paths = needing.map(([path]) => path.replace("[0]", ""));
    const documented = dockerInputs().filter(({ fate }) => fate === "needs API");
    expect(documented.map(({ path }) => path).sort()).toEqual(paths.sort());
  });

  test.each(needing)(
    "%s: is refused by an older daemon, with both versions, and taken by a new one",
    async (path, given) => {
      const [problem] = await apiProblems(fields, given, new Daemon("1.41"));
      expect(problem).toMatchObject({ property: path, reason: expect.stringMatching(/API 1\.4\d.*has API 1\.41/) });
      expect(await apiProblems(fields, given, new Daemon("1.48"))).toEqual([]);
    },
  );

  test("is refused at the check by a real daemon that lacks it", async ({ skip }) => {
    const { ApiVersion } = await docker.version();
    skip(Number(ApiVersion.split(".")[1]) >= 44, `the daemon has API ${ApiVersion}`);
    const subject = new TestResource(plugin, "Container");
    await expect(
      subject.check({ image, healthcheck: { tests: ["CMD", "true"], startInterval: "5s" } }),
    ).rejects.toThrow(/healthcheck\.startInterval.*needs Docker 25/);
    // Left at nothing it is no input.
    await subject.check({ image, healthcheck: { tests: ["CMD", "true"], startInterval: "0s" } });
  });
});

describe("a change that Docker cannot make in place", () => {
  test("of the rates of a device replaces the container", async () => {
    const wanted = (rate: number) => ({
      image,
      deviceReadBps: [{ path: "/dev/null", rate }],
      start: false,
      mustRun: false,
    });
    const subject = await create("Container", wanted(1));
    expect(await subject.diff(wanted(2))).toMatchObject({ replaces: ["deviceReadBps"], deleteBeforeReplace: true });
  });

  test("and one of the processor's share that it can make is made", async () => {
    const wanted = (cpuQuota: number) => ({ image, cpuPeriod: 50000, cpuQuota, start: false, mustRun: false });
    const subject = await create("Container", wanted(20000));
    await subject.update(wanted(30000));
    expect((await docker.getContainer(subject.id).inspect()).HostConfig).toMatchObject({ CpuQuota: 30000 });
  });
});
