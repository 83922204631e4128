import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../../scripts/documentation/settings-schema.ts";
import { settingsSchema } from "../../scripts/documentation/settings-schema.ts";
import { codeSpans, pages } from "./markdown.ts";

const schema = settingsSchema();
const topLevel = Object.keys(schema.properties ?? {});

/** Its table names inputs of Docker objects, some of which begin like a setting. */
const dockerInputs = "docs/docker-provider.md";

const named = pages()
  .filter(({ path }) => path !== dockerInputs)
  .flatMap(({ path, text }) => [
    // Of a resource in a YAML program, it is the type.
    ...[...text.matchAll(/(?<!type: )registry-kit:([\w<>.]+)(?![\w:])/g)].map(([, name = ""]) => ({
      path,
      name: trimmed(name),
    })),
    // `tls.provided`, also with its value: `registry.readOnly: true`
    ...codeSpans(text).flatMap((span) => {
      const name = /^([a-z]\w*(?:\.[\w<>]+)+)(?:: .+)?$/i.exec(span)?.[1];
      return name && topLevel.includes(name.split(".")[0] ?? "") && !isFile(name) ? [{ path, name }] : [];
    }),
  ]);

describe("settings that the pages name", () => {
  it("are found at all", () => {
    expect(named.length).toBeGreaterThan(30);
  });

  it("exist", () => {
    expect(named.filter(({ name }) => !exists(schema, name.split(".")))).toEqual([]);
  });

  it("would be missed if they did not exist", () => {
    expect(exists(schema, ["storage", "volume", "keep"])).toBe(true);
    expect(exists(schema, ["users", "moby", "generation"])).toBe(true);
    expect(exists(schema, ["storage", "volume", "kept"])).toBe(false);
    expect(exists(schema, ["prot"])).toBe(false);
  });
});

function exists(schema: JsonSchema, path: string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  const { properties, additionalProperties, items, anyOf = [], oneOf = [] } = schema;
  const inner = properties?.[key] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
  if (inner && exists(inner, rest)) return true;
  return [...anyOf, ...oneOf, ...(items ? [items] : [])].some((branch) => exists(branch, path));
}

function trimmed(name: string): string {
  return name.replace(/\.$/, "");
}

function isFile(name: string): boolean {
  return /\.(ts|js|json|yaml|yml|md|crt|tar|toml|conf)$/.test(name);
}
