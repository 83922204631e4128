import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { codeSpans } from "./markdown.ts";

const page = readFileSync(join(projectRoot, "docs/troubleshooting.md"), "utf8");
const section = /## Messages of the kit\n([\s\S]*?)\n## /.exec(page)?.[1] ?? "";
const messages = section
  .split("\n")
  .filter((line) => /^\| `/.test(line))
  .flatMap((line) => codeSpans(line.split(" | ")[0] ?? ""));

/** The program text, with strings that are put together from several lines in one piece, without escapes. */
const sources = globSync("{lib,engine,components,provider,stacks,scripts}/**/*.{ts,js,mjs}", { cwd: projectRoot })
  .map((path) => readFileSync(join(projectRoot, path), "utf8"))
  .join("\n")
  .replace(/["'`]\s*\+\s*["'`]/g, "")
  .replace(/\\(["'`])/g, "$1");

describe("messages that docs/troubleshooting.md quotes", () => {
  it("are found at all", () => {
    expect(messages.length).toBeGreaterThan(20);
  });

  it.each(messages)("%s", (message) => {
    const parts = message.split("…").flatMap((part) => part.trim() || []);
    expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
  });
});
