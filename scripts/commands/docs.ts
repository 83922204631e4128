import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { documents } from "../documentation/documents.ts";
import { projectRoot } from "../project/project-root.ts";

const usage = `Usage: npm run docs

Writes docs/settings.md, the table of settings in README.md and stacks/settings.schema.json from stacks/settings/settings.ts,
docs/docker-provider.md from engine/docker, and provider/schema.json and docs/components.md from the components.
`;

const [option] = process.argv.slice(2).filter((given) => given !== "--no-install");
if (option !== undefined) {
  const asked = ["--help", "-h"].includes(option);
  (asked ? process.stdout : process.stderr).write(asked ? usage : `docs takes no ${option}.\n${usage}`);
  process.exit(asked ? 0 : 1);
}
for (const [path, text] of Object.entries(documents(projectRoot))) writeFileSync(join(projectRoot, path), text);
