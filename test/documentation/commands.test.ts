import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { pages } from "./markdown.ts";

const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const mentioned = pages().flatMap(({ path, text }) =>
  [...text.matchAll(/npm run (?:--silent )?([a-z][a-z-]*)(?: -- (--[a-z-]+))?/g)].map(([, name = "", option]) => ({
    path,
    name,
    option,
  })),
);

describe("commands that the pages mention", () => {
  it("are found at all", () => {
    expect(mentioned.length).toBeGreaterThan(20);
  });

  it("are scripts of package.json", () => {
    expect(mentioned.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it("have the options that are shown with them", () => {
    const unknown = mentioned.filter(({ name, option }) => option && !optionsOf(name).includes(option));
    expect(unknown).toEqual([]);
  });

  it("are shown in the README, all of them but those for developers", () => {
    const shown = mentioned.filter(({ path }) => path === "README.md").map(({ name }) => name);
    const forUsers = Object.keys(scripts).filter(
      (name) =>
        !["test", "test:fast", "test:long", "test:mesh", "docs", "build", "prepack", "check", "format"].includes(name),
    );
    expect(forUsers.filter((name) => !shown.includes(name))).toEqual([]);
  });
});

/** The long options in the sources of a command and of what all commands share. */
function optionsOf(name: string): string[] {
  const files = [
    `scripts/commands/${name}.ts`,
    ...(name === "bench" ? ["bench/command.ts"] : []),
    "scripts/command-line/command-line.ts",
    "scripts/session/policy-options.ts",
  ]
    .map((path) => join(projectRoot, path))
    .filter(existsSync);
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  return ["--help", ...[...text.matchAll(/"(?:-\w, )?(--[a-z-]+)/g)].map(([, option = ""]) => option)];
}
