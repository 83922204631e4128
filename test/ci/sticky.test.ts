import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { findProgram } from "../../scripts/machine/find-program.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const reason = findProgram("jq") ? undefined : "needs jq: apt-get install jq";
const title = reason ? ` (skipped: ${reason})` : "";

/** Answers a listing with what is in answer.json, through the filter that it was given, and notes every call. */
const gh = `#!/usr/bin/env bash
folder=$(dirname "$0")
printf '%s\\n' "$*" >> "$folder/calls"
filter=
while [ $# -gt 0 ]; do [ "$1" = --jq ] && filter=$2; shift; done
if [ -n "$filter" ]; then jq -r "$filter" < "$folder/answer.json"; fi
`;

async function run(script: string, args: string[], answer: object[], env: Record<string, string> = {}) {
  await using folder = await temporaryFolder();
  writeFileSync(join(folder.path, "gh"), gh);
  chmodSync(join(folder.path, "gh"), 0o755);
  writeFileSync(join(folder.path, "answer.json"), JSON.stringify(answer));
  writeFileSync(join(folder.path, "text.md"), "<!-- registry-kit:preview dev -->\nNothing changes.\n");
  const path = [folder.path, process.env.PATH].join(delimiter);
  const given = [...args, join(folder.path, "text.md")];
  await execa(join(projectRoot, "ci", script), given, {
    env: { PATH: path, GITHUB_REPOSITORY: "owner/name", PULL_REQUEST: "12", ...env },
  });
  return readFileSync(join(folder.path, "calls"), "utf8");
}

const bot = { login: "github-actions[bot]" };
const body = "<!-- registry-kit:preview dev -->\nold";

describe.skipIf(reason)(`The comment and the issue that CI keeps up to date${title}`, () => {
  it("replaces the comment that the workflow's own author wrote", async () => {
    const calls = await run("comment.sh", [], [{ id: 7, user: bot, body }]);
    expect(calls).toContain("--method PATCH repos/owner/name/issues/comments/7");
  });

  it("posts a comment of its own when another person wrote the marker first", async () => {
    const calls = await run("comment.sh", [], [{ id: 6, user: { login: "mallory" }, body }]);
    expect(calls).toContain("--method POST");
    expect(calls).not.toContain("PATCH");
  });

  it("knows the author that it is told", async () => {
    const calls = await run("comment.sh", [], [{ id: 5, user: { login: "ops" }, body }], { AUTHOR: "ops" });
    expect(calls).toContain("--method PATCH repos/owner/name/issues/comments/5");
  });

  it("adds to the open issue of the same title, whatever characters the title has", async () => {
    const odd = 'Registry "dev" has drifted';
    const calls = await run("alarm.sh", [odd], [{ number: 3, title: odd }]);
    expect(calls).toContain("creator=github-actions[bot]");
    expect(calls).toContain("issue comment 3");
  });

  it("opens an issue where only a pull request has the title", async () => {
    const calls = await run("alarm.sh", ["Drift"], [{ number: 4, title: "Drift", pull_request: {} }]);
    expect(calls).toContain("issue create --title Drift");
  });
});
