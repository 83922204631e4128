import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, parseDocument, visit } from "yaml";
import { renderYaml, type YamlMap } from "../../../components/registry/configuration/render-yaml.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.stringMatching(/^[0-9a-z_:.+~-]+$/),
);
const { tree } = fc.letrec<{ tree: YamlMap }>((tie) => ({
  tree: fc.dictionary(
    text.filter((key) => key !== "__proto__"),
    fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), fc.array(text), tie("tree")),
  ),
}));

describe("rendered YAML", () => {
  it.each([
    ["1234", '"1234"'],
    ["1e3", '"1e3"'],
    ["true", '"true"'],
    ["null", '"null"'],
    ["yes", '"yes"'],
    ["", '""'],
    [" spaces ", '" spaces "'],
    ["[a, b]", '"[a, b]"'],
    ["&a", '"&a"'],
    ["a #b", '"a #b"'],
    ["%a: b", '"%a: b"'],
    ["$HOME", '"$HOME"'],
    [`it's "quoted" \\`, '"it\'s \\"quoted\\" \\\\"'],
    ["ünï 漢字 😀", '"ünï 漢字 😀"'],
    ["two\nlines\tand\u0000", '"two\\nlines\\tand\\0"'],
    ["\u007f\u0085\u2028\u2029\ufeff\uffff", '"\\u007f\\u0085\\u2028\\u2029\\ufeff\\uffff"'],
  ])("quotes %j", (value, quoted) => {
    expect(renderYaml({ value })).toBe(`value: ${quoted}\n`);
  });

  it("quotes keys that are not the registry's own", () => {
    const map = { s3: 1, e0: 1, y: 1, no: 1, null: 1, "1e3": 1, "X-A": 1, max_retries: 1, "a: b": 1, ü: 1 };
    expect(renderYaml(map)).toMatchInlineSnapshot(`
      ""1e3": 1
      "X-A": 1
      "a: b": 1
      "e0": 1
      max_retries: 1
      "no": 1
      "null": 1
      s3: 1
      "y": 1
      "ü": 1
      "
    `);
  });

  it("leaves out what has no value, and keeps what is empty", () => {
    expect(renderYaml({ redis: undefined, auth: {}, tags: [] })).toBe("auth: {}\ntags: []\n");
  });

  it("writes a value that occurs twice twice", () => {
    const shared = { age: "1" };
    expect(renderYaml({ auth: shared, tags: shared })).toBe('auth:\n  age: "1"\ntags:\n  age: "1"\n');
  });

  it.each(["1.1", "1.2"] as const)("holds the data for a reader of YAML %s", (version) => {
    fc.assert(
      fc.property(tree, (data) => {
        expect(parse(renderYaml(data), { version })).toEqual(data);
      }),
      { numRuns: 500 },
    );
  });

  it("is sorted at every level, and the same whatever the order of the keys", () => {
    fc.assert(
      fc.property(tree, (data) => {
        const rendered = renderYaml(data);
        expect(renderYaml(reversed(data))).toBe(rendered);
        visit(parseDocument(rendered), {
          Map(_, map) {
            const keys = map.items.map(({ key }) => String(key));
            expect(keys).toEqual(keys.toSorted());
          },
        });
      }),
    );
  });

  it("ends with a newline and holds no character that a YAML reader refuses or folds", () => {
    fc.assert(
      fc.property(tree, (data) => {
        const rendered = renderYaml(data);
        expect(rendered.endsWith("\n")).toBe(true);
        expect(rendered).not.toMatch(/[^\n\u0020-\u007e\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u);
      }),
    );
  });
});

function reversed(map: YamlMap): YamlMap {
  const entries = Object.entries(map).toReversed();
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "object" && !Array.isArray(value) ? reversed(value) : value]),
  );
}
