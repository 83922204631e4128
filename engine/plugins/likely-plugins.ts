import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isProviderType, providerPackage } from "../../lib/protocol/urn.ts";
import { findBuiltIn } from "./find-plugin.ts";

/** A plugin that a run will probably need. */
export interface LikelyPlugin {
  name: string;
  version: string;
}

/**
 * The plugins of the providers that the state holds; of a new stack, those that are built in and that the project depends on. Others
 * may be big, and a package that the project depends on need not be used by every stack.
 */
export function likelyPlugins(
  resources: { type: string; inputs?: Record<string, unknown> | undefined }[],
  projectFolder: string,
): LikelyPlugin[] {
  if (resources.length === 0) return pluginsOfDependencies(projectFolder);
  return resources
    .filter(({ type }) => isProviderType(type))
    .map(({ type, inputs }) => ({ name: providerPackage(type), version: String(inputs?.version ?? "") }));
}

/** A package of the npm registry says in its package.json which Pulumi plugin it needs. */
function pluginsOfDependencies(projectFolder: string): LikelyPlugin[] {
  const { dependencies = {} } = readManifest(join(projectFolder, "package.json"));
  const require = createRequire(join(projectFolder, "package.json"));
  return Object.keys(dependencies).flatMap((name) => {
    const folder = require.resolve.paths(name)?.find((path) => existsSync(join(path, name, "package.json")));
    const { pulumi, version = "" } = folder ? readManifest(join(folder, name, "package.json")) : {};
    const plugin = pulumi?.name ?? name.replace(/^@pulumi\//, "");
    if (!pulumi?.resource || !findBuiltIn(plugin, projectFolder)) return [];
    return [{ name: plugin, version: pulumi.version ?? version }];
  });
}

interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
  pulumi?: { resource?: boolean; name?: string; version?: string };
}

function readManifest(file: string): Manifest {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : {};
}
