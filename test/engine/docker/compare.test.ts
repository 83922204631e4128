import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, isSame } from "../../../engine/docker/common/compare.ts";
import { refreshedInputs, updatedOutputs } from "../../../engine/docker/common/outputs.ts";
import { registryOf } from "../../../engine/docker/common/registry-auth.ts";
import { containerFields } from "../../../engine/docker/container/container-fields.ts";
import { resourceTypes } from "../../../engine/docker/provider.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { makeSecret, unknownValue } from "../../../lib/protocol/property-value.ts";
import { canonicalDuration, formatDuration, parseDuration } from "../../../lib/time/go-duration.ts";

describe("durations", () => {
  test.each([
    ["90s", 90e9, "1m30s"],
    ["1.5h", 5400e9, "1h30m0s"],
    ["250ms", 250e6, "250ms"],
    ["0", 0, "0s"],
    ["1h0m0.5s", 3600.5e9, "1h0m0.5s"],
    ["7µs", 7000, "7µs"],
  ])("%s is %d nanoseconds, which Go prints as %s", (text, nanoseconds, printed) => {
    expect(parseDuration(text)).toBe(nanoseconds);
    expect(formatDuration(nanoseconds)).toBe(printed);
  });

  test.each(["", "5", "s", "1x", "1s 2s", "1.2.3s"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test("what is printed reads back as the same time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (nanoseconds) => {
        expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
        expect(canonicalDuration(canonicalDuration(formatDuration(nanoseconds)))).toBe(
          canonicalDuration(formatDuration(nanoseconds)),
        );
      }),
    );
  });
});

describe("comparing outputs with inputs", () => {
  const paths = (current: PropertyMap, wanted: PropertyMap) =>
    compare(containerFields, current, wanted).map(({ path, kind }) => `${kind} ${path}`);

  test.each<[string, PropertyMap, PropertyMap]>([
    [
      "the order of ports",
      {
        ports: [
          { internal: 1, external: 9 },
          { internal: 2, external: 8 },
        ],
      },
      { ports: [{ internal: 2 }, { internal: 1 }] },
    ],
    ["another spelling of a duration", { healthcheck: { interval: "1m30s" } }, { healthcheck: { interval: "90s" } }],
    [
      "another spelling of a capability",
      { capabilities: { adds: ["CAP_NET_ADMIN"] } },
      { capabilities: { adds: ["net_admin"] } },
    ],
    ["zero values that are left out", { memory: 0, readOnly: false, hostname: "" }, {}],
    ["what Docker computes", { hostname: "abc", shmSize: 64, command: ["a"] }, {}],
    ["a number as text", { memory: 64 }, { memory: "64" }],
  ])("sees no difference in %s", (_what, current, wanted) => {
    expect(paths(current, wanted)).toEqual([]);
  });

  test.each<[string, PropertyMap, PropertyMap, string[]]>([
    [
      "a member of a set that changed",
      { labels: [{ label: "a", value: "1" }] },
      { labels: [{ label: "a", value: "2" }] },
      ["update labels[0].value"],
    ],
    ["a member that came and one that went", { dns: ["1"] }, { dns: ["2", "3"] }, ["update dns[0]", "add dns[1]"]],
    [
      "the order of a list",
      { command: ["a", "b"] },
      { command: ["b", "a"] },
      ["update command[0]", "update command[1]"],
    ],
    ["an input that is gone", { memory: 64 }, {}, ["delete memory"]],
    ["an unknown value", { memory: 64 }, { memory: unknownValue }, ["update memory"]],
    ["a plain false against what is computed", { init: true }, { init: false }, ["update init"]],
  ])("sees %s", (_what, current, wanted, expected) => {
    expect(paths(current, wanted)).toEqual(expected);
  });

  test("anything is the same as itself, whatever the type", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie("any")),
        fc.dictionary(fc.string(), tie("any")),
      ),
    })).any as fc.Arbitrary<never>;
    const fields = resourceTypes.flatMap((type) => Object.values(type.inputs));
    fc.assert(
      fc.property(fc.constantFrom(...fields), value, (field, any) => {
        expect(isSame(field, any, any)).toBe(true);
      }),
    );
  });
});

describe("the state", () => {
  test("after an update keeps what Docker filled in and secrets, and drops what was removed", () => {
    const old = {
      ports: [{ internal: 1, external: 32000 }],
      memory: 64,
      hostname: "abc",
      envs: makeSecret(["A=1"]),
      __meta: "{}",
    };
    const inputs = { ports: [{ internal: 1 }], envs: makeSecret(["A=1"]), __defaults: [] };
    expect(updatedOutputs(containerFields, old, inputs)).toEqual({
      ports: [{ internal: 1, external: 32000 }],
      hostname: "abc",
      envs: makeSecret(["A=1"]),
    });
  });

  test("on refresh takes the live value of what drifted, which then is no default any more", () => {
    const inputs = {
      restart: "no",
      image: "a",
      healthcheck: { interval: "90s", __defaults: [] },
      __defaults: ["restart"],
    };
    const live = { restart: "always", image: "a", healthcheck: { interval: "1m30s" }, hostname: "abc" };
    expect(refreshedInputs(containerFields, inputs, live)).toEqual({ ...inputs, restart: "always", __defaults: [] });
  });
});

test.each([
  ["alpine", "registry-1.docker.io"],
  ["library/alpine:3", "registry-1.docker.io"],
  ["registry.test/a", "registry.test"],
  ["localhost/a:1", "localhost"],
  ["127.0.0.1:5000/a/b@sha256:abc", "127.0.0.1:5000"],
])("the registry of %s is %s", (name, registry) => {
  expect(registryOf(name)).toBe(registry);
});
