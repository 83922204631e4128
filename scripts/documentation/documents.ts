import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dockerTable } from "./docker-table.ts";
import { jsonPage } from "./json-documents.ts";
import { settingsSchema, stackFileSchema } from "./settings-schema.ts";
import { settingsTable } from "./settings-table.ts";

/** The files that are generated from the settings' schema and from the Docker provider's tables: path below the project -> text. */
export function documents(root: string): Record<string, string> {
  const schema = settingsSchema();
  const readme = join(root, "README.md");
  return {
    "docs/settings.md": `${settingsIntroduction}\n${settingsTable(schema)}\n`,
    "docs/docker-provider.md": dockerTable(),
    "docs/json.md": jsonPage(),
    "stacks/settings.schema.json": `${JSON.stringify(stackFileSchema("registry-kit"), null, 2)}\n`,
    "README.md": replaceBetween(readFileSync(readme, "utf8"), "settings", settingsTable(schema, 1)),
  };
}

const settingsIntroduction = `# Settings

<!-- Generated from stacks/settings.ts by "npm run docs"; a test keeps it true. -->

Each setting stands in \`stacks/Pulumi.<stack>.yaml\` under \`config:\` with the prefix \`registry-kit:\`, for example
\`registry-kit:port: 5000\`. What is wrong with the settings is reported at preview, all of it at once, before anything is
touched. Editors that know \`yaml-language-server\` check and complete the file by the schema that its first line names.

\`npm run config -- set port 5001\` writes a setting, \`get\`, \`unset\` and \`list\` do what they say. Secrets:
\`npm run config -- set users.gordon.password\` asks for the value (or reads standard input) and writes it encrypted;
\`npm run set-password -- gordon\` does the same for a password, and asks twice. Both work with and without the Pulumi CLI. A password that
stands in the file in clear is encrypted in the state, but goes in clear wherever the file goes.

Lengths of time are words under \`tls\` (\`30 days\`, \`1 year\`) and the registry's own form under \`registry\` (\`30s\`, \`1h30m\`).
`;

/** Replaces what stands between \`<!-- begin NAME -->\` and \`<!-- end NAME -->\`. */
function replaceBetween(text: string, name: string, content: string): string {
  const begin = `<!-- begin ${name} -->`;
  const end = `<!-- end ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md: the marks ${begin} and ${end} are missing.`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
