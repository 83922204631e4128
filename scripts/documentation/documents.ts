import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiPage } from "./api-page.ts";
import { dockerTable } from "./docker-table.ts";
import { jsonPage } from "./json-documents.ts";
import { packageSchema } from "./package-schema.ts";
import { settingsSchema, stackFileSchema } from "./settings-schema.ts";
import { settingsTable } from "./settings-table.ts";

/** The files that are generated from the settings' schema and from the Docker provider's tables: path below the project -> text. */
export function documents(root: string): Record<string, string> {
  const schema = settingsSchema();
  const components = packageSchema(root);
  const readme = join(root, "README.md");
  return {
    "docs/settings.md": `${settingsIntroduction}\n${settingsTable(schema)}\n`,
    "docs/docker-provider.md": dockerTable(),
    "docs/json.md": jsonPage(),
    "docs/components.md": apiPage(components),
    "provider/schema.json": `${JSON.stringify(components, null, 2)}\n`,
    "stacks/settings.schema.json": `${JSON.stringify(stackFileSchema("registry-kit"), null, 2)}\n`,
    "README.md": replaceBetween(readFileSync(readme, "utf8"), "settings", settingsTable(schema, 1)),
  };
}

const settingsIntroduction = `# Settings

<!-- Generated from stacks/settings/settings.ts by "npm run docs"; a test keeps it true. -->

You write settings into \`stacks/Pulumi.<stack>.yaml\` under \`config:\`, with the prefix \`registry-kit:\`. For example:

\`\`\`yaml
config:
  registry-kit:hosts:
    - registry.example.com
  registry-kit:port: 5000
\`\`\`

If something is wrong, the preview reports every problem at once, before anything is touched. If your editor knows \`yaml-language-server\`, it checks and completes the file with the schema that the first line names.

You can also use commands, with and without the Pulumi CLI:

| To do | Type |
| --- | --- |
| write a setting | \`npm run config -- set port 5001\` |
| read, remove or list settings | \`npm run config -- get port\`, \`unset port\`, \`list\` |
| write a secret, encrypted | \`npm run config -- set users.gordon.password\`: it asks for the value, or reads standard input |
| write a password, encrypted | \`npm run set-password -- gordon\`: it asks twice |

A password in plain text in the file is encrypted in the state, but stays readable wherever the file goes.

Lengths of time are words under \`tls\` (\`30 days\`, \`1 year\`), and the registry's own form under \`registry\` (\`30s\`, \`1h30m\`).
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
