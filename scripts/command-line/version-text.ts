import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../project/project-root.ts";

/** `registry-kit 0.1.0, Node 24.21.0` */
export function versionText(): string {
  const { name, version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  return `${name} ${version}, Node ${process.versions.node}`;
}
