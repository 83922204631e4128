import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { withoutDocker } from "../support/describe-with-docker.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import type { StepResult } from "./run-steps.ts";
import { freshClone, runJob, runScript, takeNotes } from "./run-steps.ts";
import { gitlab, workflows } from "./workflow-files.ts";

const docker = dockerClient({});
const preview = readFileSync(join(projectRoot, "scripts/commands/preview.ts"), "utf8");
const reason = withoutDocker ?? (preview.includes('"--markdown <file>"') ? undefined : "preview has no --markdown yet");
const title = reason ? ` (skipped: ${reason})` : "";

describe.skipIf(reason)(`The steps of the workflows, each job in a fresh clone${title}`, { timeout: 180_000 }, () => {
  let copy: ProjectCopy;
  let committed: string;
  /** Stands for the bucket. */
  let state: string;
  let pullRequest: string;
  beforeAll(async () => {
    copy = await ProjectCopy.make();
    committed = copy.settingsText();
    state = `${copy.folder}-state`;
    mkdirSync(state);
    // A number that no other test of this host has.
    pullRequest = String(Number.parseInt(copy.name.slice(-7), 16));
  });
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    for (const path of [state, join(copy.folder, "..", `${copy.name}-tools`)])
      rmSync(path, { recursive: true, force: true });
  });

  function expressions(): Record<string, string> {
    return {
      "vars.REGISTRY_STACK || 'dev'": "dev",
      "vars.PULUMI_BACKEND_URL": pathToFileURL(state).href,
      "secrets.PULUMI_CONFIG_PASSPHRASE": "correct horse battery staple",
      "github.event.pull_request.number": pullRequest,
      "github.token": "ghs_token",
    };
  }
  async function run(name: string, job: string): Promise<StepResult[]> {
    freshClone(copy, committed);
    const { workflow } = workflows.get(name) ?? {};
    const definition = workflow?.jobs[job];
    if (!workflow || !definition) throw new Error(`no job ${job} in ${name}`);
    return await runJob(copy, workflow, definition, expressions());
  }
  function expectSuccess(results: StepResult[]): void {
    expect(results.length).toBeGreaterThan(0);
    for (const { name, exitCode, all } of results) expect(exitCode, `${name}\n${all}`).toBe(0);
  }
  async function containers(): Promise<string[]> {
    const found = await docker.listContainers({ all: true, filters: { name: [copy.name] } });
    return found.map(({ Names }) => Names[0] ?? "").toSorted();
  }

  it("preview a pull request, and put it into one comment; nothing is touched", async () => {
    expectSuccess(await run("preview", "preview"));
    const { gh, summary } = takeNotes(copy);
    expect(summary).toContain("Preview of stack `dev`");
    expect(gh).toContain(`/issues/${pullRequest}/comments`);
    expect(gh).toContain("--method POST");
    expect(gh).not.toContain("correct horse");
    expect(await containers()).toEqual([]);
  });

  it("preview a fork's pull request without any secret", async () => {
    expectSuccess(await run("preview", "fork"));
    expect(takeNotes(copy).gh).toBe("");
  });

  it("plan what was merged, deploy just that, and find no drift in it", async () => {
    expectSuccess(await run("deploy", "plan"));
    const plan = readFileSync(join(copy.folder, "plan.json"), "utf8");
    const { workflow } = workflows.get("deploy") ?? {};
    if (!workflow?.jobs.deploy) throw new Error("no deploy");
    // The other job gets it as an artefact.
    expect(plan).toContain("registry-trust");
    expectSuccess(await runJob(copy, workflow, workflow.jobs.deploy, expressions()));
    expect(await containers()).toEqual([`/${copy.name}`]);
    expectSuccess(await run("drift", "drift"));
  });

  it("raise an alarm on drift", async () => {
    await docker.getContainer(copy.name).update({ Memory: 300 * 1024 * 1024, MemorySwap: 300 * 1024 * 1024 });
    const [compare, alarm] = await run("drift", "drift");
    expect(compare?.exitCode, compare?.all).toBe(1);
    expect(alarm?.exitCode, alarm?.all).toBe(0);
    expect(takeNotes(copy).gh).toContain("issue create --title Registry dev has drifted --body-file drift.md");
  });

  it("make a throw-away registry of a pull request, and from another clone remove it", async () => {
    expectSuccess(await run("preview", "throw-away"));
    expect((await containers()).some((name) => name.includes(`-pr-${pullRequest}-`))).toBe(true);
    // Another job, another clone.
    rmSync(join(copy.folder, `stacks/Pulumi.pr-${pullRequest}.yaml`));
    expectSuccess(await run("teardown", "throw-away"));
    expect(await containers()).toEqual([`/${copy.name}`]);
    expect(existsSync(join(state, `.pulumi/stacks/registry-kit/pr-${pullRequest}.json`))).toBe(false);
  });

  it("reap what was forgotten", async () => {
    // Other throw-away stacks of this engine are others' own.
    const { workflow } = workflows.get("teardown") ?? {};
    const step = workflow?.jobs.reap?.steps.find(({ run }) => run);
    freshClone(copy, committed);
    const own = step?.run?.replace("'pr-*'", `'pr-${pullRequest}'`);
    const [result] = await runJob(
      copy,
      {},
      { steps: [{ run: own ?? "" }], env: workflow?.jobs.reap?.env ?? {} },
      expressions(),
    );
    expect(result?.exitCode, result?.all).toBe(0);
    expect(result?.all).toContain("Nothing to reap.");
  });

  it("are the same at GitLab", async () => {
    // What publishes the kit itself is for its own repository.
    const forUsers = [...workflows.values()].filter(({ workflow }) => workflow.name !== "release");
    const commands = forUsers.flatMap(({ workflow }) =>
      Object.values(workflow.jobs).flatMap(({ steps }) =>
        steps.flatMap(({ run = "" }) => run.match(/npm run .+/g) ?? []),
      ),
    );
    const scripts = Object.values(gitlab)
      .flatMap(({ script = [] }) => script)
      .map((line) => line.replace("$REGISTRY_STACK", "$STACK").replace("pr-$CI_MERGE_REQUEST_IID", "$THROW_AWAY"));
    expect(new Set(scripts)).toEqual(new Set(commands));
    const before = (gitlab[".registry"]?.before_script ?? []).join("\n");
    const env = { AWS_ROLE_ARN: "arn:aws:iam::1:role/x", AWS_ID_TOKEN: "token" };
    const { exitCode, all } = await runScript(copy, `${before}\ncat "$AWS_WEB_IDENTITY_TOKEN_FILE"`, env);
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: "token" });
  });
});
