import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { documents } from "./documentation/documents.ts";
import { projectRoot } from "./project-root.ts";

for (const [path, text] of Object.entries(documents(projectRoot))) writeFileSync(join(projectRoot, path), text);
