import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareProperties } from "../../../engine/steps/compare-properties.ts";
import { contains, copyAt, formatPath, parsePath } from "../../../lib/protocol/property-path.ts";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import { makeSecret, sameValue } from "../../../lib/protocol/property-value.ts";

describe("a property path", () => {
  it.each([
    ["a", ["a"]],
    ["a.b[0].c", ["a", "b", 0, "c"]],
    ['a["b.c"].d', ["a", "b.c", "d"]],
    ['["quo\\"te"]', ['quo"te']],
    ["list[*].name", ["list", "*", "name"]],
  ])("%s is read", (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it.each(["a[", 'a["b]', "a]b"])("%s is refused", (text) => {
    expect(() => parsePath(text)).toThrow("is no property path");
  });

  it("is read back as it was written", () => {
    const step = fc.oneof(
      fc.nat(100),
      fc.string({ minLength: 1 }).filter((text) => text !== "*"),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  it("contains what lies inside it, and not what lies around it", () => {
    expect(contains(["a", "*"], ["a", 3, "b"])).toBe(true);
    expect(contains(["a", "b"], ["a"])).toBe(false);
    expect(contains(["a", "b"], ["a", "c"])).toBe(false);
  });
});

describe("an ignored change", () => {
  it.each<[string, PropertyMap, PropertyMap, PropertyMap]>([
    ["a", { a: 1 }, { a: 2, b: 2 }, { a: 1, b: 2 }],
    ["a", {}, { a: 2 }, {}],
    ["a", { a: 1 }, {}, { a: 1 }],
    ["a.b", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 2 } }, { a: { b: 1, c: 2 } }],
    ["a[0].b", { a: [{ b: 1 }] }, { a: [{ b: 2 }, { b: 3 }] }, { a: [{ b: 1 }, { b: 3 }] }],
    ["a[*].b", { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 8 }, { b: 9 }] }, { a: [{ b: 1 }, { b: 2 }] }],
    ["a.b", { a: makeSecret({ b: 1 }) }, { a: makeSecret({ b: 2 }) }, { a: makeSecret({ b: 1 }) }],
  ])("at %s", (path, old, current, expected) => {
    expect(copyAt(old, current, parsePath(path))).toEqual(expected);
  });
});

describe("a comparison of properties", () => {
  it("names the innermost differences", () => {
    const old = { same: 1, gone: 1, list: [1, { x: 1 }], secret: makeSecret("a"), __defaults: [] };
    const current = { same: 1, added: 1, list: [1, { x: 2 }, 3], secret: makeSecret("b"), __defaults: [1] };
    expect(compareProperties(old, current).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      "delete gone",
      "update list[1].x",
      "add list[2]",
      "update secret",
      "add added",
    ]);
  });

  it("finds nothing exactly where the values are the same", () => {
    const value = fc.letrec((tie) => ({
      map: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
      value: fc.oneof(fc.constantFrom(1, "x", null), fc.array(tie("value"), { maxLength: 2 }), tie("map")),
    })).map as fc.Arbitrary<PropertyMap>;
    fc.assert(
      fc.property(value, value, (old, current) => {
        expect(compareProperties(old, current).length === 0).toBe(sameValue(old, current));
      }),
    );
  });
});
