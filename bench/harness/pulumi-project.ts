import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { projectRoot } from "../../scripts/project/project-root.ts";
import type { Bench } from "./bench.ts";
import { type EngineOperation, type EngineRun, runEngine } from "./engine-process.ts";

export interface ProjectOptions {
  /** Pulumi.yaml beside name, runtime and backend. */
  project?: Record<string, unknown>;
  /** Text of the program; undefined: `project.main` names one. */
  program?: string;
  /** npm packages that the program imports, taken from the kit's own. */
  packages: string[];
  /** Folders of the kit that the program uses. */
  folders?: string[];
}

/** A Pulumi project in a temporary folder with a stack and a state of its own. */
export class PulumiProject {
  readonly folder: string;
  private readonly bench: Bench;

  private constructor(bench: Bench, folder: string) {
    this.bench = bench;
    this.folder = folder;
  }

  /** Writes the files of a project; it is destroyed and removed with the bench's leftovers. */
  static async make(
    bench: Bench,
    { project, program, packages, folders = [] }: ProjectOptions,
  ): Promise<PulumiProject> {
    const folder = await mkdtemp(join(bench.folder, "project-"));
    const made = new PulumiProject(bench, folder);
    bench.leftovers.add(`folder ${folder}`, () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const description = {
      name: `bench-${randomBytes(3).toString("hex")}`,
      main: "main.js",
      runtime: { name: "nodejs", options: { typescript: false } },
      ...project,
    };
    await mkdir(join(folder, "state"));
    await writeFile(join(folder, "Pulumi.yaml"), stringify(description));
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: description.name, type: "module" }));
    if (program !== undefined) await writeFile(join(folder, "main.js"), program);
    // Links: Node loads the kit's own files, and its compile cache knows them by their real paths.
    for (const name of folders) await symlink(join(projectRoot, name), join(folder, name));
    for (const name of packages) {
      const link = join(folder, "node_modules", name);
      await mkdir(join(link, ".."), { recursive: true });
      await symlink(join(projectRoot, "node_modules", name), link);
    }
    return made;
  }

  /** Milliseconds of a first `up`; from here on the project has something to destroy. */
  async firstUp(): Promise<number> {
    this.bench.leftovers.add(`stack of ${this.folder}`, () => this.run("destroy"));
    return await this.run("up");
  }

  /** Milliseconds of one operation. A preview fails where it finds a change. */
  async run(operation: EngineOperation): Promise<number> {
    return (await this.operate(operation)).milliseconds;
  }

  /** Outputs of the stack, secrets in plain text. */
  async outputs(): Promise<Record<string, unknown>> {
    return (await this.operate("outputs")).outputs;
  }

  /** One operation with what the engine's process took. */
  operate(operation: EngineOperation): Promise<EngineRun> {
    const environment = {
      PULUMI_BACKEND_URL: pathToFileURL(join(this.folder, "state")).href,
      // It guards a registry that lives for seconds.
      PULUMI_CONFIG_PASSPHRASE: "bench",
    };
    const context = { project: this.folder, stack: "bench", environment, quiet: true };
    return runEngine({ context, wanted: this.bench.engine, operation });
  }
}
