import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  daemonFileProblem,
  describeChange,
  entriesIn,
  noEntries,
  withEmptyLists,
  withEntries,
  withoutEntries,
} from "../../components/daemon-json/daemon-file.ts";
import { canonicalEntry, insecureEntry } from "../../components/daemon-json/registry-entries.ts";

const added = { insecureRegistries: ["r.test:5000"], registryMirrors: [] };

describe("an entry is added", () => {
  it.each([
    ["no file", undefined, '{\n  "insecure-registries": ["r.test:5000"]\n}\n'],
    ["an empty object", "{}", '{\n  "insecure-registries": ["r.test:5000"]\n}'],
    ["a file in one line", '{"debug":true}', '{"debug":true,"insecure-registries":["r.test:5000"]}'],
    [
      "a file with tabs",
      '{\n\t"debug" : true\n}\n',
      '{\n\t"debug" : true,\n\t"insecure-registries" : ["r.test:5000"]\n}\n',
    ],
    [
      "a list in one line",
      '{\n  "insecure-registries": [ "a" ],\n  "debug": true\n}',
      '{\n  "insecure-registries": [ "a", "r.test:5000" ],\n  "debug": true\n}',
    ],
    [
      "a list with a line each",
      '{\n  "insecure-registries": [\n    "a",\n    "b"\n  ]\n}',
      '{\n  "insecure-registries": [\n    "a",\n    "b",\n    "r.test:5000"\n  ]\n}',
    ],
    ["an empty list", '{"insecure-registries": [ ]}', '{"insecure-registries": ["r.test:5000"]}'],
    ["text that looks like JSON", '{"a": "\\"}],{"}', '{"a": "\\"}],{","insecure-registries": ["r.test:5000"]}'],
    ["a file that has it", '{"insecure-registries":["r.test:5000"]}', '{"insecure-registries":["r.test:5000"]}'],
  ])("to %s, written as the rest is", (_, before, after) => {
    expect(withEntries(before, added)).toBe(after);
  });
});

const json = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
  .map(({ "insecure-registries": _, ...rest }) => rest);
const names = fc.uniqueArray(fc.constantFrom("a.test", "b.test:5000", "10.0.0.0/8", "c.test"), { maxLength: 4 });
const original = fc
  .tuple(json, fc.option(names), fc.constantFrom(0, 2, "\t"), fc.constantFrom("", "\n"))
  .map(([rest, list, indent, end]) => {
    const value = { ...rest, ...(list ? { "insecure-registries": list } : {}) };
    return `${JSON.stringify(value, null, indent)}${end}`;
  });

describe("whatever a daemon.json holds", () => {
  it("it is valid afterwards, has the entries, and has everything else as before", () => {
    fc.assert(
      fc.property(original, names, names, (before, insecureRegistries, registryMirrors) => {
        const after = withEntries(before, { insecureRegistries, registryMirrors }) ?? "";
        const { "insecure-registries": a, "registry-mirrors": b, ...rest } = JSON.parse(after);
        const { "insecure-registries": c, "registry-mirrors": d, ...former } = JSON.parse(before);
        expect(rest).toEqual(former);
        expect(new Set(a)).toEqual(new Set([...(c ?? []), ...insecureRegistries]));
        expect(new Set(b)).toEqual(new Set([...(d ?? []), ...registryMirrors]));
      }),
    );
  });

  it("what was added can be taken out again without a trace", () => {
    fc.assert(
      fc.property(original, names, (before, insecureRegistries) => {
        const entries = { insecureRegistries, registryMirrors: ["https://m.test"] };
        const after = withEntries(before, entries) ?? "";
        const back = withoutEntries(after, entries, before) ?? "";
        expect(JSON.parse(back)).toEqual(JSON.parse(before));
        if (Object.keys(JSON.parse(before)).length > 0 && !/\[\s*\]/.test(before)) expect(back).toBe(before);
      }),
    );
  });
});

describe("what others changed meanwhile stays", () => {
  it("entries and keys of theirs, while the kit's go", () => {
    const theirs = '{"insecure-registries":["x.test","r.test:5000"],"debug":true}';
    expect(withoutEntries(theirs, added, "{}")).toBe('{"insecure-registries":["x.test"],"debug":true}');
  });

  it("an entry that was there before the kit wanted it, too", () => {
    const before = '{"insecure-registries":["r.test:5000"]}';
    expect(withoutEntries(before, added, before)).toBe(before);
  });

  it("nothing is left of a file that the kit had made", () => {
    expect(withoutEntries(withEntries(undefined, added) ?? "", added, undefined)).toBeUndefined();
  });
});

describe("a list that a reload can't unset", () => {
  it("is emptied, unless it stays in the file anyway", () => {
    expect(withEmptyLists(undefined, ["insecureRegistries"])).toBe('{\n  "insecure-registries": []\n}\n');
    expect(withEmptyLists('{"insecure-registries":["a"]}', ["insecureRegistries"])).toBe(
      '{"insecure-registries":["a"]}',
    );
  });
});

describe("the shown change", () => {
  it("names the kit's lists only: other settings may be secrets", () => {
    const before = '{"proxies":{"http-proxy":"http://u:s3cret@p"},"registry-mirrors":["https://old.test"]}';
    const after = withEntries(before, { ...added, registryMirrors: ["https://old.test/", "https://m.test"] });
    expect(describeChange(before, after)).toEqual([
      '  "insecure-registries":',
      '    + "r.test:5000"',
      '  "registry-mirrors":',
      '    + "https://m.test"',
    ]);
    expect(describeChange(after, before)).toContain('    - "r.test:5000"');
  });
});

describe("a daemon.json is refused when it", () => {
  const file = (content: string) => ({ kind: "file" as const, content, mode: "0644", owner: "0:0" });

  it.each([
    ["is a folder", { kind: "folder" as const }, "is a folder"],
    ["is a link", { kind: "other" as const, description: "a symbolic link" }, "is a symbolic link"],
    ["has comments", file('{\n  // mine: "s3cret"\n  "debug": true\n}'), "not valid JSON (comments"],
    ["is half written", file('{"debug": tr'), "not valid JSON"],
    ["has a trailing comma", file('{"debug":true,}'), "not valid JSON"],
    ["has our key in other letters", file('{"Registry-Mirrors":[]}'), 'refuses the key "Registry-Mirrors"'],
    ["is a list", file("[]"), "no JSON object"],
    [
      "has something else for a list",
      file('{"registry-mirrors":"https://m.test"}'),
      '"registry-mirrors" is not a list',
    ],
  ])("%s", (_, entry, reason) => {
    const problem = daemonFileProblem("/etc/docker/daemon.json", entry);
    expect(problem).toContain(`/etc/docker/daemon.json`);
    expect(problem).toContain(reason);
    expect(problem).not.toContain("s3cret");
  });

  it("and taken when it is not there or an object", () => {
    expect(daemonFileProblem("/d", undefined)).toBeUndefined();
    expect(daemonFileProblem("/d", file('{"debug":true}'))).toBeUndefined();
    for (const empty of ["", "\n", "null", '{"insecure-registries":null}', '{"debug":true}']) {
      expect(daemonFileProblem("/d", file(empty))).toBeUndefined();
      expect(entriesIn(empty)).toEqual(noEntries);
      expect(JSON.parse(withEntries(empty, added) ?? "")).toMatchObject({ "insecure-registries": ["r.test:5000"] });
    }
  });
});

describe("an insecure registry", () => {
  it.each([
    ["r.test", "r.test"],
    ["R.Test:5000", "R.Test:5000"],
    ["10.0.0.1:5000", "10.0.0.1:5000"],
    ["[2001:DB8::1]:5000", "[2001:DB8::1]:5000"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["10.0.0.0/08", "10.0.0.0/8"],
    ["255.255.255.255/1", "128.0.0.0/1"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8::/32", "2001:db8::/32"],
    ["2001:0db8:0:0:0:0:0:0/32", "2001:db8::/32"],
    ["2001:db8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128"],
    ["2001:db8:0:1:1:1:1:1/127", "2001:db8:0:1:1:1:1:0/127"],
    ["1:0:0:2:0:0:0:3/128", "1:0:0:2::3/128"],
    ["fe80::1/10", "fe80::/10"],
    ["::/0", "::/0"],
    ["::1/128", "::1/128"],
    ["::ffff:10.1.2.3/104", "10.0.0.0/8"],
    ["::FFFF:0a01:0203/128", "10.1.2.3/32"],
    ["64:ff9b::10.0.0.1/96", "64:ff9b::/96"],
  ])("may be %s, which dockerd shows as %s", (text, shown) => {
    expect(insecureEntry.safeParse(text).success).toBe(true);
    expect(canonicalEntry(text)).toBe(shown);
    expect(canonicalEntry(shown)).toBe(shown);
  });

  it.each([
    "http://r.test",
    "r.test:0",
    "r.test/path",
    "10.0.0.0/33",
    "010.0.0.0/8",
    "2001:db8::/129",
    "fe80::%eth0/64",
    "docker.io",
    "10.0.0.0/",
    "2001:db8::1",
    "",
    "a b",
  ])('can\'t be "%s"', (text) => expect(insecureEntry.safeParse(text).success).toBe(false));
});
