import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { isNodeNewEnough } from "../../lib/start-up/require-node.js";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { pages } from "./markdown.ts";

/** A Node of this machine, beside the kit's own, that can't run TypeScript. */
const oldNode = await findOldNode();
const reason = oldNode ? "" : " (skipped: this machine's Node is new enough)";
const commands = [
  ...new Set(
    pages().flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:--silent )?([a-z][a-z-]*)/g)].map(([, name = ""]) => name),
    ),
  ),
]
  // Those that npm starts itself, and the one that is running.
  .filter((name) => !["build", "check", "format", "test"].includes(name));

describe("On a Node that is too old for TypeScript", () => {
  it.skipIf(!oldNode).each(commands)(`npm run %s starts${reason}`, async (name) => {
    const args = ["scripts/start.mjs", name, "--help"];
    const { exitCode, all } = await execa(oldNode ?? "", args, { cwd: projectRoot, reject: false, all: true });
    expect(exitCode, all).toBe(0);
  });

  it("the pages call no TypeScript by the machine's own Node", () => {
    const direct = pages().flatMap(({ path, text }) =>
      text.split("\n").flatMap((line) => (/(^|[`\s])node [\w./-]+\.ts/.test(line) ? `${path}: ${line}` : [])),
    );
    expect(direct).toEqual([]);
  });
});

async function findOldNode(): Promise<string | undefined> {
  const node = "/usr/bin/node";
  const { stdout, failed } = await execa(node, ["--version"], { reject: false });
  return failed || isNodeNewEnough(String(stdout)) ? undefined : node;
}
