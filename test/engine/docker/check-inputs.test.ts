import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSecret, type PropertyMap, unknownValue } from "../../../lib/protocol/property-value.ts";
import type { Checked, PluginClient } from "./plugin-client.ts";
import { needsRealPlugin, realPlugin, startOurs, startReal, urnOf } from "./plugins.ts";

/** Inputs, good and bad; both plugins must say the same of each. */
const cases: [type: string, what: string, inputs: PropertyMap, oldInputs?: PropertyMap][] = [
  ["Volume", "nothing given", {}],
  ["Volume", "an auto name that it has already", {}, { name: "subject-1234567", __defaults: ["name"] }],
  ["Volume", "a name that was removed", {}, { name: "given", __defaults: [] }],
  ["Volume", "a number as a name", { name: 3 }],
  ["Volume", "a list as a name", { name: ["a"] }],
  ["Volume", "an unknown input", { drivers: "local" }],
  ["Volume", "half a label", { labels: [{ label: "a" }] }],
  ["Network", "an address range", { ipamConfigs: [{ subnet: "10.0.0.0/24" }], options: { a: "b" } }],
  ["Network", "unknown values", { driver: unknownValue, labels: [{ label: "a", value: unknownValue }] }],
  ["RemoteImage", "no name", {}],
  [
    "RemoteImage",
    "everything",
    { name: "a:1", keepLocally: true, triggers: { a: "b" }, pullTriggers: ["c"], platform: "linux/arm64" },
  ],
  ["Secret", "data", { data: "c2VjcmV0" }],
  ["Secret", "data that is no base64", { data: "%%" }],
  ["Secret", "unknown data", { data: unknownValue }],
  ["Secret", "no data", { name: "a" }],
  ["ServiceConfig", "data", { data: "eA==" }],
  ["ServiceConfig", "no data", {}],
  ["ServiceConfig", "data twice", { data: "eA==", dataRaw: "x" }],
  ["Container", "nothing given", {}],
  [
    "Container",
    "nested defaults",
    {
      image: "a",
      ports: [{ internal: "80" }, { internal: 81, ip: "127.0.0.1", protocol: "udp", external: 81 }],
      healthcheck: { tests: ["CMD", "true"] },
      mounts: [{ type: "volume", target: "/a", volumeOptions: {} }],
      devices: [{ hostPath: "/dev/null" }],
      uploads: [{ file: "/a", content: "b" }],
      networksAdvanced: [{ name: "n" }],
    },
  ],
  ["Container", "a wrong restart policy", { image: "a", restart: "maybe" }],
  ["Container", "a negative limit", { image: "a", memory: -1 }],
  ["Container", "a wrong duration", { image: "a", healthcheck: { interval: "soon" } }],
  ["Container", "an unknown input of a port", { image: "a", ports: [{ internal: 1, extrenal: 2 }] }],
  ["Container", "a wrong mount", { image: "a", mounts: [{ type: "disk", target: "/a" }] }],
  ["Container", "two ways to ask for a GPU", { image: "a", gpus: "all", deviceRequests: [{}] }],
  ["Container", "wrong permissions", { image: "a", uploads: [{ file: "/a", content: "b", permissions: "644" }] }],
  ["Container", "a text as a flag", { image: "a", readOnly: "true" }],
  ["Container", "a relative host path", { image: "a", volumes: [{ hostPath: "a", containerPath: "/b" }] }],
  ["Service", "no task", { name: "a" }],
  ["Service", "no image", { taskSpec: { containerSpec: {} } }],
  [
    "Service",
    "nested defaults",
    {
      taskSpec: {
        containerSpec: {
          image: "a",
          secrets: [{ secretId: "i", fileName: "f" }],
          configs: [{ configId: "i", fileName: "f", fileMode: 256 }],
          mounts: [{ type: "bind", target: "/a", source: "/b", bindOptions: {} }],
          healthcheck: { tests: ["CMD", "true"] },
        },
      },
      mode: { replicated: {} },
      endpointSpec: { ports: [{ targetPort: 80 }] },
      updateConfig: {},
      rollbackConfig: {},
      convergeConfig: {},
      auth: { serverAddress: "a", username: "u", password: "p" },
    },
  ],
  [
    "Service",
    "a global mode that converges",
    { taskSpec: { containerSpec: { image: "a" } }, mode: { global: true }, convergeConfig: {} },
  ],
  ["Service", "a wrong ratio", { taskSpec: { containerSpec: { image: "a" } }, updateConfig: { maxFailureRatio: "2" } }],
  ["Service", "a wrong order", { taskSpec: { containerSpec: { image: "a" } }, updateConfig: { order: "random" } }],
];

/** Names are made up differently, and the plugin puts the path of a failure into its reason. */
function comparable({ inputs, failures }: Checked) {
  const name = String(inputs.name ?? "").replace(/^subject-(?!1234567)[0-9a-f]{7}$/, "subject-*");
  const properties = failures.map(
    ({ property, reason }) => property || /values at 'subject\.([^']*)'/.exec(reason)?.[1],
  );
  const top = new Set(properties.map((path) => path?.split(/[.[]/)[0]));
  return {
    inputs: "name" in inputs ? { ...inputs, name: inputs.name === name ? inputs.name : name } : inputs,
    failed: [...top].sort(),
  };
}

describe("check", () => {
  let ours: PluginClient;
  beforeAll(async () => {
    ours = await startOurs();
  });
  afterAll(() => ours.stop());
  const check = (type: string, inputs: PropertyMap) => ours.check(urnOf(type), {}, inputs);

  test("names each problem at its path, with what is allowed", async () => {
    const wrong = {
      image: "a",
      memori: 3,
      restart: "maybe",
      ports: [{ internal: "x" }],
      healthcheck: { timeout: "-1s" },
    };
    const { failures } = await check("Container", wrong);
    expect(failures.sort((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual([
      { property: "healthcheck.timeout", reason: 'is "-1s", which is negative' },
      { property: "restart", reason: 'is "maybe", which is not one of no, on-failure, always, unless-stopped' },
      { property: "ports[0].internal", reason: "must be a whole number, not a text" },
      { property: "memori", reason: 'there is no input "memori"; did you mean "memory"?' },
    ]);
  });

  test("never repeats a secret", async () => {
    const { failures, inputs } = await check("Secret", { data: makeSecret("hunter2 is not base64") });
    expect(failures).toEqual([{ property: "data", reason: "is not base64" }]);
    expect(inputs.data).toEqual(makeSecret("hunter2 is not base64"));
  });

  test("keeps what is secret in the inputs secret, at any depth", async () => {
    const labels = [{ label: "a", value: makeSecret("b") }];
    expect((await check("Volume", { labels })).inputs.labels).toEqual([{ __defaults: [], ...labels[0] }]);
  });

  test("refuses an upload without content, a volume without a path, an empty argument", async () => {
    const wrong = { image: "a", uploads: [{ file: "/a" }], volumes: [{ readOnly: true }], command: ["a", ""] };
    const { failures } = await check("Container", wrong);
    expect(failures.map(({ property }) => property)).toEqual(["command", "volumes[0]", "uploads[0]"]);
  });

  test("makes the password of a registry a secret in the provider's own configuration", async () => {
    const { inputs, failures } = await ours.checkConfig({
      registryAuth: '[{"address":"a","password":"b"}]',
      hots: "x",
    });
    expect(inputs.registryAuth).toEqual(makeSecret('[{"address":"a","password":"b"}]'));
    expect(failures).toEqual([{ property: "hots", reason: expect.stringContaining("did you mean docker:host?") }]);
    const { failures: missing } = await ours.checkConfig({ registryAuth: '[{"username":"a"}]' });
    expect(missing).toEqual([{ property: "registryAuth", reason: "entry 0 has no address" }]);
  });
});

describe.skipIf(!realPlugin)(`check beside Pulumi's plugin${needsRealPlugin}`, () => {
  let ours: PluginClient;
  let real: PluginClient;
  beforeAll(async () => {
    [ours, real] = await Promise.all([startOurs(), startReal()]);
  });
  afterAll(() => {
    ours.stop();
    real.stop();
  });

  test.each(cases)("%s: %s", async (type, _what, inputs, oldInputs = {}) => {
    const urn = urnOf(type);
    const [mine, theirs] = await Promise.all([ours.check(urn, oldInputs, inputs), real.check(urn, oldInputs, inputs)]);
    const expected = comparable(theirs);
    expect(comparable(mine).failed).toEqual(expected.failed);
    // Refused inputs go no further; what is filled into them does not matter.
    if (expected.failed.length === 0) expect(comparable(mine).inputs).toEqual(expected.inputs);
  });
});
