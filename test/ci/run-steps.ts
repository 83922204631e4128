import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { findProgram } from "../../scripts/machine/find-program.ts";
import type { ProjectCopy } from "../support/project-copy.ts";
import type { Job, Step, Workflow } from "./workflow-files.ts";

/** What `${{ ... }}` stands for, by the text of the expression. */
export type Expressions = Record<string, string>;

export interface StepResult {
  name: string;
  exitCode: number | undefined;
  all: string;
}

const timeout = 120_000;

/** A fresh clone: no state, no file that git ignores, the settings as committed. */
export function freshClone(copy: ProjectCopy, committed: string): void {
  for (const name of [".state", "plan.json", "preview.md", "drift.md"]) {
    rmSync(join(copy.folder, name), { recursive: true, force: true });
  }
  copy.restore(committed);
}

/**
 * Runs the `run:` steps of a job in order, as a runner does: bash with -eo pipefail, in the folder of the clone, with the variables of workflow,
 * job and step. Steps of actions are left out; a step that fails ends the job, but for those that ask to run then.
 */
export async function runJob(
  copy: ProjectCopy,
  { env: common = {} }: Pick<Workflow, "env">,
  job: Job,
  expressions: Expressions,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of job.steps.filter(({ run }) => run !== undefined)) {
    const failed = results.some(({ exitCode }) => exitCode !== 0);
    if (failed && !/always\(\)|failure\(\)/.test(step.if ?? "")) continue;
    if (!failed && /failure\(\)/.test(step.if ?? "")) continue;
    const env = { ...common, ...job.env, ...step.env };
    results.push(await runStep(copy, step, Object.entries(env), expressions));
  }
  return results;
}

async function runStep(
  copy: ProjectCopy,
  { run = "", name = run }: Step,
  env: [string, string][],
  expressions: Expressions,
): Promise<StepResult> {
  const variables = env.map(([key, value]) => [key, evaluate(value, expressions)]);
  return { name, ...(await runScript(copy, evaluate(run, expressions), Object.fromEntries(variables))) };
}

/** A script with what every runner has, without the Pulumi CLI, and with a `gh` that notes how it was called. */
export async function runScript(copy: ProjectCopy, script: string, env: Record<string, string>) {
  const tools = join(copy.folder, "..", `${copy.name}-tools`);
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, "gh"), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${tools}/gh.log"\n`, { mode: 0o755 });
  const cli = findProgram("pulumi");
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !cli || folder !== dirname(cli));
  const { exitCode, all } = await execa("bash", ["-eo", "pipefail", "-c", script], {
    cwd: copy.folder,
    env: {
      PATH: [tools, dirname(process.execPath), ...path].join(delimiter),
      HOME: process.env.HOME,
      PULUMI_HOME: join(copy.folder, "home"),
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      CI: "true",
      GITHUB_REPOSITORY: "owner/name",
      GITHUB_STEP_SUMMARY: join(tools, "summary.md"),
      ...env,
    },
    extendEnv: false,
    reject: false,
    all: true,
    stdin: "ignore",
    timeout,
  });
  return { exitCode, all };
}

/** How `gh` was called, and what the summary says; both start over. */
export function takeNotes(copy: ProjectCopy): { gh: string; summary: string } {
  const tools = join(copy.folder, "..", `${copy.name}-tools`);
  const take = (name: string) => {
    const file = join(tools, name);
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    } finally {
      rmSync(file, { force: true });
    }
  };
  return { gh: take("gh.log"), summary: take("summary.md") };
}

/** An expression that the table does not know is a mistake of the workflow, or of the test. */
function evaluate(text: string, expressions: Expressions): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = expressions[expression];
    if (value === undefined) throw new Error(`What is \${{ ${expression} }}?`);
    return value;
  });
}
