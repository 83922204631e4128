import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const executable = "pulumi-resource-registry-kit";

/**
 * Puts a link to the provider of this package among the plugins of the user's Pulumi, unless one of this version is there.
 *
 * The CLI looks for a plugin in Pulumi.yaml, on PATH and in its own folder, never in node_modules, and would try to download what a
 * package.json names. So the program does what `pulumi plugin install` would do, before its first resource asks for the provider.
 * A program runs at every preview and up. A `pulumi destroy` on a machine where none has run needs `plugins.providers` in Pulumi.yaml.
 *
 * @param environment nothing is done outside of a program that an engine runs
 */
export function makePluginKnown(environment: NodeJS.ProcessEnv = process.env): void {
  if (!environment.PULUMI_NODEJS_MONITOR) return;
  const plugins = join(environment.PULUMI_HOME || join(homedir(), ".pulumi"), "plugins");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const folder = join(plugins, `resource-registry-kit-v${version}`);
  const text = launcher(join(root, "provider", "index.js"));
  try {
    if (existsSync(join(folder, executable)) && readFileSync(join(folder, executable), "utf8") === text) return;
    const draft = `${folder}.${process.pid}.partial`;
    mkdirSync(draft, { recursive: true });
    writeFileSync(join(draft, executable), text, { mode: 0o755 });
    // So that Node takes it for CommonJS, whatever a package.json in a folder above says.
    writeFileSync(join(draft, "package.json"), '{ "type": "commonjs" }\n');
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (error) {
    // Of two programs that start at the same time one is first.
    if (existsSync(join(folder, executable))) return;
    console.error(
      `registry-kit: its provider could not be written to ${plugins} (${(error as Error).message}). ` +
        "Name it in Pulumi.yaml instead: plugins: {providers: [{name: registry-kit, path: node_modules/registry-kit/provider}]}",
    );
  }
}

/** What starts the provider of the package that the project depends on, so that two projects do not get in each other's way. */
function launcher(last: string): string {
  return `#!/usr/bin/env node
// Written by registry-kit: starts the provider of the package that the project here depends on, else the one that was used last.
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { pathToFileURL } = require("node:url");
require("node:module").enableCompileCache?.();
let found = ${JSON.stringify(last)};
for (let folder = process.cwd(); ; folder = dirname(folder)) {
  const file = join(folder, "node_modules", "registry-kit", "provider", "index.js");
  if (existsSync(file)) found = file;
  if (existsSync(file) || folder === dirname(folder)) break;
}
import(pathToFileURL(found));
`;
}
