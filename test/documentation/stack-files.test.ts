import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { stackFileSchema } from "../../scripts/documentation/settings-schema.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { loadSettings } from "../../stacks/loading/load-settings.ts";
import { codeBlocks, pages } from "./markdown.ts";

type SettingsFile = { config: Record<string, unknown> };

// zod reads JSON Schema itself; ajv, the usual validator, is no dependency of the kit.
const editorSchema = z.fromJSONSchema(stackFileSchema("registry-kit") as Parameters<typeof z.fromJSONSchema>[0]);
const folder = join(projectRoot, "stacks");
const shipped = readdirSync(folder)
  .filter((name) => /^Pulumi\..+\.yaml$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const shown = pages().flatMap((page) =>
  codeBlocks(page, "yaml")
    .filter((text) => text.startsWith("config:"))
    .map((text, i) => ({ name: `${page.path}, example ${i + 1}`, text })),
);

function problemsOf(file: unknown): string[] {
  return editorSchema.safeParse(file).error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? [];
}

/** The configuration as an engine hands it over: text, and JSON text for what is not a scalar. */
function asText({ config }: SettingsFile): Record<string, string> {
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)]));
}

describe.each([...shipped, ...shown])("$name", ({ name, text }) => {
  it("fits the JSON Schema that editors use", () => {
    expect(problemsOf(parse(text))).toEqual([]);
  });

  it("is accepted by the program", () => {
    const stack = { project: "registry-kit", stack: name };
    expect(() => loadSettings({ ...stack, values: asText(parse(text) as SettingsFile) }, new Date())).not.toThrow();
  });
});

describe("the shipped stacks", () => {
  it.each(shipped)("$name names the schema, for editors", ({ text }) => {
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./settings.schema.json");
  });
});

describe("the JSON Schema for editors", () => {
  const hosts = { "registry-kit:hosts": ["localhost"] };

  it.each([
    ["a number that pulumi config set wrote as text", { "registry-kit:port": "5000" }],
    ["an encrypted password", { "registry-kit:users": { moby: { password: { secure: "v1:abc" } } } }],
    ["a setting that is encrypted as a whole", { "registry-kit:users": { secure: "v1:abc" } }],
    ["the configuration of other packages", { "aws:region": "eu-west-1" }],
  ])("allows %s", (_, config) => {
    expect(problemsOf({ config: { ...hosts, ...config }, encryptionsalt: "v1:abc" })).toEqual([]);
  });

  it.each([
    ["an unknown setting", { "registry-kit:prot": 5000 }],
    ["an unknown key of a section", { "registry-kit:container": { memry: 100 } }],
    ["a wrong type", { "registry-kit:container": { memory: "much" } }],
    ["a port out of range", { "registry-kit:port": 70000 }],
    ["text that is no number", { "registry-kit:port": "five thousand" }],
  ])("refuses %s", (_, config) => {
    expect(problemsOf({ config: { ...hosts, ...config } })).not.toEqual([]);
  });

  it("asks for hosts", () => {
    expect(problemsOf({ config: {} }).join()).toContain("registry-kit:hosts");
  });
});
