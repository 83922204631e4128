import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { goTool } from "../support/go-tool.ts";
import { pythonTool } from "../support/python-tool.ts";
import { workflows } from "./workflow-files.ts";

const actionlint = await goTool({ package: "github.com/rhysd/actionlint/cmd/actionlint", version: "v1.7.12" }).catch(
  (error: Error) => error,
);
const missing = actionlint instanceof Error ? actionlint.message : undefined;
const all = [...workflows.values()];
const jobs = all.flatMap(({ path, text, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${path}, job ${name}`, job, workflow, text })),
);

const zizmor = await pythonTool("zizmor-1.32.0", ["zizmor==1.32.0"]).catch((error: Error) => error);
const withoutZizmor = zizmor instanceof Error ? zizmor.message : undefined;
/** Which environment holds what a job needs: the code of a pull request never gets what deploys. */
const environments: Record<string, string | undefined> = {
  "ci test": undefined,
  "deploy plan": "registry-plan",
  "deploy deploy": "registry",
  "drift drift": "registry-plan",
  "preview preview": "registry-preview",
  "preview fork": undefined,
  "preview throw-away": "registry-throw-away",
  "release release": "npm",
  "teardown throw-away": "registry-throw-away",
  "teardown reap": "registry-throw-away",
};

describe("the workflows", () => {
  it("take secrets and roles from the environment that the job is for", () => {
    const found = all.flatMap(({ workflow }) =>
      Object.entries(workflow.jobs).map(([name, { environment }]) => [`${workflow.name} ${name}`, environment]),
    );
    expect(Object.fromEntries(found)).toEqual(environments);
  });

  it.each(jobs.filter(({ workflow }) => "workflow_dispatch" in workflow.on))(
    "$name runs the code of main, also when somebody starts it by hand",
    ({ job }) => expect(job.if).toBe("github.ref == 'refs/heads/main'"),
  );

  it("remove a throw-away registry with the code of main", () => {
    const [checkout] = workflows.get("teardown")?.workflow.jobs["throw-away"]?.steps ?? [];
    expect(checkout?.with).toMatchObject({ ref: "main" });
  });

  it.skipIf(withoutZizmor)(
    `satisfy zizmor's auditor${withoutZizmor ? ` (skipped: ${withoutZizmor})` : ""}`,
    async () => {
      const given = ["--offline", "--persona", "auditor", "--quiet", ".github/workflows"];
      const audit = await execa(join(String(zizmor), "zizmor"), given, { cwd: projectRoot, reject: false, all: true });
      expect(audit.exitCode, audit.all).toBe(0);
    },
  );

  it.skipIf(missing)(`keep to actionlint${missing ? ` (skipped: ${missing})` : ""}`, async () => {
    const { exitCode, all: output } = await execa(String(actionlint), [], {
      cwd: projectRoot,
      reject: false,
      all: true,
    });
    expect(exitCode, output).toBe(0);
  });

  it.each(all)("$path names each action by its commit, and its version beside it", ({ text }) => {
    const uses = text.split("\n").filter((line) => /^\s*-? *uses:/.test(line));
    expect(uses.length).toBeGreaterThan(1);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(all)(
    "$path gives no right to a job that does not ask for it, and never runs for a fork with secrets",
    ({ workflow }) => {
      expect(workflow.permissions).toEqual({});
      expect(workflow.on).not.toHaveProperty("pull_request_target");
    },
  );

  it.each(jobs)("$name ends by itself, and has few rights", ({ name, job }) => {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    const { contents, "id-token": token = "write", ...writes } = job.permissions ?? {};
    // A release is one of the repository's own contents.
    expect([contents, token]).toEqual([name.includes("release.yml") ? "write" : "read", "write"]);
    expect(Object.keys(writes).filter((right) => !["pull-requests", "issues"].includes(right))).toEqual([]);
  });

  it.each(jobs.filter(({ workflow }) => "pull_request" in workflow.on))(
    "$name sees secrets only for branches of the repository",
    ({ job }) => {
      const secrets = JSON.stringify(job).includes("secrets.") || job.permissions?.["id-token"] !== undefined;
      const own = /head\.repo\.full_name == github\.repository|event_name == 'schedule'/.test(job.if ?? "");
      expect(secrets).toBe(own);
    },
  );

  it.each(jobs.filter(({ job }) => job.steps.some(({ run }) => /npm run (up|down)/.test(run ?? ""))))(
    "$name is alone on its stack, and never cut off",
    ({ job, workflow }) => {
      const concurrency = job.concurrency ?? workflow.concurrency;
      expect(concurrency?.group).toMatch(/^registry-/);
      expect(concurrency?.["cancel-in-progress"]).toBe(false);
    },
  );
});
