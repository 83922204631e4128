import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "../support/test-project.ts";

/** What a pack was asked. */
export interface Question {
  about: "resource" | "stack";
  type: string;
  name: string;
  props: Record<string, unknown>;
  parent?: string;
  protect: boolean;
  provider?: string;
  sources?: Record<string, string[]>;
}

const source = `
const { appendFileSync } = require("node:fs");
const { PolicyPack } = require("@pulumi/policy");
const plain = (value) => {
  if (Array.isArray(value)) return value.map((_, i) => read(value, i));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
};
const read = (value, key) => { try { return plain(value[key]); } catch (error) { return "unknown"; } };
const record = (about, { type, name, props, opts, provider }, more = {}) =>
  appendFileSync(process.env.TEST_QUESTIONS, JSON.stringify({ about, type, name, props: plain(props), protect: opts.protect, provider: provider?.type, ...more }) + "\\n");
const things = (resources) => resources.filter(({ type }) => type === "test:index:Thing");
new PolicyPack("test-pack", { policies: [
  { name: "recorder", description: "Records.", enforcementLevel: "advisory",
    validateResource: (args) => record("resource", args, { parent: args.opts.parent?.split("::").at(-1) }),
    validateStack: ({ resources }) => { for (const one of resources) record("stack", one, {
      parent: one.parent?.name,
      sources: Object.fromEntries(Object.entries(one.propertyDependencies).map(([key, list]) => [key, list.map(({ name }) => name)])),
    }); } },
  { name: "no-bad-value", description: "Values must be good.", enforcementLevel: "mandatory", configSchema: { properties: { word: { type: "string", default: "bad" } } },
    validateResource: ({ type, props, getConfig }, report) => { if (type === "test:index:Thing" && props.value === getConfig().word) report("It is " + props.value + "."); } },
  { name: "few-things", description: "Few is better.", enforcementLevel: "advisory",
    validateStack: ({ resources }, report) => { if (things(resources).length > 1) report("There are " + things(resources).length + ".", things(resources)[0].urn); } },
  { name: "no-crowd", description: "No crowd.", enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => { if (things(resources).length > 2) report("There are too many."); } },
  { name: "trouble", description: "Trouble.", enforcementLevel: "advisory",
    validateResource: ({ name }) => { if (name === "thrower") throw new Error("rule is broken"); if (name === "killer") process.exit(3); } },
] });
`;

/** Writes a pack into a project: folder `pack`, whose policies speak about things and record what they are asked. */
export function writeTestPack(project: TestProject): { questions(): Question[] } {
  const folder = join(project.folder, "pack");
  mkdirSync(folder);
  writeFileSync(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\nversion: 0.0.7\n");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "p", version: "1.0.0", type: "commonjs" }));
  writeFileSync(join(folder, "index.js"), source);
  const file = join(project.folder, "questions.jsonl");
  process.env.TEST_QUESTIONS = file;
  writeFileSync(file, "");
  return {
    questions: () =>
      readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Question),
  };
}
