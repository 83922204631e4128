import { z } from "zod";

const exitCode = z.int().describe("0: all went well; 130: interrupted.");
const errors = z.array(z.string()).describe("One message each; empty where all went well.");
const change = z.object({ name: z.string(), type: z.string(), operation: z.string() });
const changes = z
  .array(change)
  .describe("What was done: create, update, replace, delete, forget; of a refresh, what differs.");
const check = z.object({
  name: z.string(),
  ok: z.union([z.boolean(), z.enum(["skipped", "warning"])]),
  seen: z.string(),
  milliseconds: z.number(),
});
const proof = z.object({ proven: z.boolean(), checks: z.array(check) });
const run = z.object({ stack: z.string(), changes, errors, exitCode }).partial({ changes: true, errors: true });
const deployed = run.extend({
  proof: proof.optional(),
  registry: z.object({ url: z.string(), users: z.array(z.string()) }).optional(),
  caches: z.array(z.object({ name: z.string(), url: z.string(), upstream: z.string() })).optional(),
});
const status = z.looseObject({
  url: z.string().optional(),
  running: z.boolean().optional(),
  state: z.string().optional().describe("In Docker's words, or why it is not known."),
  health: z.string().optional(),
  image: z.string().optional(),
  certificateExpires: z.string().optional().describe("ISO 8601."),
  certificateDaysLeft: z.number().optional(),
  users: z.array(z.string()).optional(),
  nodes: z.array(z.looseObject({ name: z.string(), address: z.string(), state: z.string() })).optional(),
  caches: z.array(z.looseObject({ name: z.string(), upstream: z.string() })).optional(),
});
const step = z.looseObject({ op: z.string(), urn: z.string() });
const preview = z.looseObject({
  steps: z.array(step).describe("As `pulumi preview --json` has them; secrets are [secret]."),
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string(), urn: z.string().optional() })),
  changeSummary: z.record(z.string(), z.number()),
  policies: z.array(z.looseObject({ policy: z.string(), level: z.string(), urn: z.string(), message: z.string() })),
  packs: z.array(z.string()),
  exitCode,
});
const reaped = z.object({
  stack: z.string(),
  name: z.string(),
  created: z.string(),
  removed: z.boolean(),
  error: z.string().optional(),
});

/** What a command prints with --json when it could not begin, or ended early. */
export const failure = z.looseObject({ error: z.object({ message: z.string() }), exitCode });

/** Command -> the document that it prints with --json; each may print a {@link failure} instead. */
export const jsonDocuments: Record<string, z.ZodType> = {
  up: deployed,
  rotate: deployed,
  down: run.extend({
    goes: z.array(z.string()),
    stays: z.array(z.string()),
    kept: z.array(z.object({ what: z.string(), how: z.string() })).optional(),
  }),
  refresh: run,
  preview,
  verify: proof,
  status,
  password: z.object({ user: z.string(), password: z.string(), origin: z.string() }),
  config: z
    .unknown()
    .describe("list and get: the settings, what is encrypted as [secret]; set and unset: { setting, changed }."),
  "set-password": z.object({ user: z.string(), changed: z.boolean() }),
  init: z.object({
    file: z.string(),
    stack: z.string(),
    hosts: z.array(z.string()),
    port: z.number(),
    runs: z.string(),
  }),
  reap: z.array(reaped),
  prerequisites: z.object({ exitCode }),
  bench: z.looseObject({
    figures: z.array(z.looseObject({ name: z.string(), unit: z.string() })),
    problems: z.array(z.string()),
  }),
  help: z.record(z.string(), z.string()).describe("Command -> what it is for."),
};

/** The page docs/json.md. */
export function jsonPage(): string {
  const schemaOf = (schema: z.ZodType) => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { unrepresentable: "any" });
    return ["```json", JSON.stringify(rest, null, 2), "```", ""].join("\n");
  };
  const sections = Object.entries(jsonDocuments).map(([name, schema]) => `## ${name}\n\n${schemaOf(schema)}`);
  return `# What the commands print with --json

<!-- Generated from scripts/documentation/json-documents.ts by "npm run docs"; a test keeps it true. -->

If a program of yours runs the commands, add \`--json\`: \`npm run --silent COMMAND -- --json\` prints one JSON document on standard output, also if it fails. Lines for people go to standard error. \`--silent\` suppresses npm's own lines. The JSON Schemas (2020-12) of the documents follow. You may find more in a document than its schema names.

## A command that could not begin

${schemaOf(failure)}
${sections.join("\n")}`;
}
