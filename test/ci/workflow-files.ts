import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../scripts/project/project-root.ts";

export interface Step {
  with?: Record<string, unknown>;
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
}

export interface Job {
  if?: string;
  environment?: string;
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  "timeout-minutes"?: number;
  steps: Step[];
}

export interface Workflow {
  name: string;
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  env?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  jobs: Record<string, Job>;
}

/** The workflows by name, and their text. */
export const workflows = new Map(
  globSync(".github/workflows/*.yml", { cwd: projectRoot }).map((path) => {
    const text = readFileSync(join(projectRoot, path), "utf8");
    const workflow = parse(text) as Workflow;
    return [workflow.name, { path, text, workflow }];
  }),
);

export interface GitlabJob {
  extends?: string;
  environment?: { name: string };
  before_script?: string[];
  script?: string[];
  variables?: Record<string, string>;
}

export const gitlab = parse(readFileSync(join(projectRoot, "ci/gitlab-ci.yml"), "utf8")) as Record<string, GitlabJob>;
