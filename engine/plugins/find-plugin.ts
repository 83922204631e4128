import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pluginGuards } from "./plugin-guards.ts";

/** How to start a provider plugin; the address of the engine is added as the last argument. */
export interface PluginCommand {
  command: string;
  arguments: string[];
  /** Where it was found, for messages. */
  origin: string;
}

/** Where plugins are looked for. */
export interface PluginSearch {
  /** Folders that `plugins.providers` of Pulumi.yaml names, by package. */
  providerFolders: Record<string, string>;
  /** The project; the SDK's dynamic provider is the one that it depends on. */
  projectFolder: string;
  environment: NodeJS.ProcessEnv;
}

/**
 * Finds the plugin of a package: `plugins.providers` of Pulumi.yaml, then PATH, then Pulumi's plugin folder,
 * then those built in.
 * @param version wanted; `""`: any. Only Pulumi's folder keeps several of them.
 * @throws where there is none; the message names every place that was tried.
 */
export function findPlugin(name: string, version: string, search: PluginSearch): PluginCommand {
  const executable = `pulumi-resource-${name}`;
  const folder = search.providerFolders[name];
  if (folder) {
    const command = join(folder, executable);
    if (!isExecutable(command))
      throw new Error(`Provider "${name}": Pulumi.yaml names ${folder}, but ${command} is no executable file.`);
    return { command, arguments: [], origin: "plugins.providers of Pulumi.yaml" };
  }
  const builtIn = findBuiltIn(name, search.projectFolder);
  // The SDK's dynamic provider belongs to the SDK that serialised the code: never one that happens to be on PATH.
  if (name === "pulumi-nodejs" && builtIn) return builtIn;
  for (const path of (search.environment.PATH ?? "").split(delimiter)) {
    const command = join(path || ".", executable);
    if (isExecutable(command)) return { command, arguments: [], origin: "PATH" };
  }
  const plugins = join(search.environment.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
  const installed = installedVersion(plugins, name, version);
  if (installed)
    return { command: join(plugins, installed, executable), arguments: [], origin: `${plugins}/${installed}` };
  if (builtIn) return builtIn;
  throw new Error(
    `No plugin for package "${name}"${version && ` ${version}`}: there is none under plugins.providers of Pulumi.yaml, no ${executable} ` +
      `on PATH, none in ${plugins}, and none is built in. Put the executable on PATH.`,
  );
}

/** Of this engine's own files: compiled, they end in .js. */
const ending = extname(import.meta.filename);

/** The plugin that comes with the engine or the SDK; undefined: there is none of that name. */
export function findBuiltIn(name: string, projectFolder: string): PluginCommand | undefined {
  if (name === "pulumi-nodejs") {
    const provider = join(sdkFolder(projectFolder), "cmd", "dynamic-provider");
    return { command: process.execPath, arguments: [...pluginGuards, provider], origin: "the SDK" };
  }
  const file = fileURLToPath(new URL(`../${name}/pulumi-resource-${name}${ending}`, import.meta.url));
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(file)) return undefined;
  return { command: process.execPath, arguments: ["--disable-warning=ExperimentalWarning", file], origin: "built in" };
}

/** The folder of `@pulumi/pulumi` that a project uses. */
export function sdkFolder(projectFolder: string): string {
  try {
    return dirname(createRequire(join(projectFolder, "package.json")).resolve("@pulumi/pulumi/package.json"));
  } catch {
    throw new Error(`${projectFolder} has no @pulumi/pulumi: run "npm ci" there.`);
  }
}

/** The folder name of the wanted version, else of the newest one. */
function installedVersion(plugins: string, name: string, version: string): string | undefined {
  const prefix = `resource-${name}-v`;
  const found = (existsSync(plugins) ? readdirSync(plugins) : []).filter(
    (entry) => entry.startsWith(prefix) && isExecutable(join(plugins, entry, `pulumi-resource-${name}`)),
  );
  if (version && found.includes(prefix + version)) return prefix + version;
  return found.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
