import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { workflows } from "./workflow-files.ts";

const read = (path: string) => parse(readFileSync(join(projectRoot, path), "utf8")) as Record<string, unknown>;

describe("the repository", () => {
  it("runs what a developer runs, on every push to main and every pull request", () => {
    const { workflow } = workflows.get("ci") ?? {};
    expect(Object.keys(workflow?.on ?? {}).toSorted()).toEqual(["pull_request", "push"]);
    expect(workflow?.jobs.test?.steps.at(-1)?.run).toBe(".ci/run");
  });

  it("gets pull requests for newer packages and actions, none of them on the day of a release", () => {
    const { updates } = read(".github/dependabot.yml") as {
      updates: { "package-ecosystem": string; cooldown: { "default-days": number } }[];
    };
    expect(updates.map((update) => update["package-ecosystem"])).toEqual(["npm", "github-actions"]);
    for (const { cooldown } of updates) expect(cooldown["default-days"]).toBeGreaterThanOrEqual(7);
  });

  it.each(globSync(".github/ISSUE_TEMPLATE/*.yml", { cwd: projectRoot }))("%s is a form that GitHub reads", (path) => {
    const { name, description, body } = read(path) as { name: string; description: string; body: FormItem[] };
    expect([name, description]).not.toContain(undefined);
    const questions = body.filter(({ type }) => type !== "markdown");
    expect(questions.length).toBeGreaterThan(0);
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    for (const { attributes } of questions) expect(attributes.label).toBeTruthy();
  });
});

interface FormItem {
  type: string;
  id?: string;
  attributes: { label?: string };
}
