import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project-root.ts";
import { goTool } from "../support/go-tool.ts";
import { workflows } from "./workflow-files.ts";

const actionlint = await goTool({ package: "github.com/rhysd/actionlint/cmd/actionlint", version: "v1.7.12" }).catch(
  (error: Error) => error,
);
const missing = actionlint instanceof Error ? actionlint.message : undefined;
const all = [...workflows.values()];
const jobs = all.flatMap(({ path, text, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${path}, job ${name}`, job, workflow, text })),
);

describe("the workflows", () => {
  it("are four", () => {
    expect([...workflows.keys()].toSorted()).toEqual(["deploy", "drift", "preview", "teardown"]);
  });

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
    expect(uses.length).toBeGreaterThan(2);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(all)(
    "$path gives no right to a job that does not ask for it, and never runs for a fork with secrets",
    ({ workflow }) => {
      expect(workflow.permissions).toEqual({});
      expect(workflow.on).not.toHaveProperty("pull_request_target");
    },
  );

  it.each(jobs)("$name ends by itself, and has few rights", ({ job }) => {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    const { contents, "id-token": token = "write", ...writes } = job.permissions ?? {};
    expect([contents, token]).toEqual(["read", "write"]);
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
