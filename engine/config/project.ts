import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checked } from "./checked.ts";
import { type DeclaredSetting, declaredSettings } from "./declared-config.ts";
import { requireVersion } from "./pulumi-version.ts";

const projectSchema = z.looseObject({
  name: z.string().min(1),
  main: z.string().default("."),
  runtime: z.union([
    z.string().transform((name) => ({ name, options: {} as Record<string, unknown> })),
    z.object({ name: z.string(), options: z.record(z.string(), z.unknown()).default({}) }),
  ]),
  stackConfigDir: z.string().optional(),
  /** The old name of stackConfigDir where it is a string; else the declared configuration. */
  config: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  backend: z.object({ url: z.string().optional() }).optional(),
  options: z.looseObject({ refresh: z.string().optional() }).nullish(),
  requiredPulumiVersion: z.string().optional(),
  plugins: z
    .looseObject({ providers: z.array(z.looseObject({ name: z.string(), path: z.string().optional() })).default([]) })
    .default({ providers: [] }),
});

/** A project file, `Pulumi.yaml`, with its paths made absolute. */
export interface Project {
  name: string;
  /** The folder of the project file. */
  folder: string;
  /** The folder that the program runs in: that of its entry point. */
  programFolder: string;
  /** Entry point of the program, relative to `programFolder`: a file, or `.` for what its package.json names. */
  main: string;
  /** Options of the language runtime, such as `typescript: false`. */
  runtimeOptions: Record<string, unknown>;
  configFolder: string;
  settings: DeclaredSetting[];
  /** `options: {refresh: always}`: every up and preview goes by what is really there. */
  refreshes: boolean;
  backendUrl: string | undefined;
  /** Folders of provider plugins, by package name. */
  providerFolders: Record<string, string>;
}

/**
 * Reads the project file of a folder, or of the nearest one above it.
 * @throws where there is none, or the program is not one for Node.
 */
export async function readProject(startFolder: string): Promise<Project> {
  const file = findProjectFile(resolve(startFolder));
  const project = checked(projectSchema, parse(await readFile(file, "utf8")), `${file} is not a project file`);
  if (project.runtime.name !== "nodejs")
    throw new Error(
      `${file}: the runtime is "${project.runtime.name}"; this engine runs "nodejs" only. Use the Pulumi CLI.`,
    );
  if (project.requiredPulumiVersion !== undefined) requireVersion(project.requiredPulumiVersion, file);
  for (const kind of ["languages", "analyzers"])
    if (kind in project.plugins)
      throw new Error(`${file}: plugins.${kind} needs the Pulumi CLI; this engine knows plugins.providers.`);
  const folder = dirname(file);
  const { config } = project;
  return {
    name: project.name,
    folder,
    ...entryPoint(resolve(folder, project.main)),
    runtimeOptions: project.runtime.options,
    configFolder: resolve(folder, project.stackConfigDir ?? (typeof config === "string" ? config : ".")),
    settings: typeof config === "object" ? declaredSettings(config, project.name, file) : [],
    refreshes: project.options?.refresh === "always",
    backendUrl: project.backend?.url,
    providerFolders: Object.fromEntries(
      project.plugins.providers.flatMap(({ name, path }) => (path ? [[name, resolve(folder, path)]] : [])),
    ),
  };
}

/** As the CLI has it: a program runs in the folder of its entry point. */
function entryPoint(main: string): Pick<Project, "programFolder" | "main"> {
  const isFolder = statSync(main, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? { programFolder: main, main: "." } : { programFolder: dirname(main), main: basename(main) };
}

function findProjectFile(startFolder: string): string {
  for (let folder = startFolder; ; folder = dirname(folder)) {
    for (const name of ["Pulumi.yaml", "Pulumi.yml"]) if (existsSync(join(folder, name))) return join(folder, name);
    if (folder === dirname(folder))
      throw new Error(`There is no Pulumi.yaml in ${startFolder} nor in a folder above it.`);
  }
}
