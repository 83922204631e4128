import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commandsText } from "../../../scripts/command-line/commands-text.ts";
import { projectRoot } from "../../../scripts/project/project-root.ts";
import { newStackText } from "../../../scripts/settings/new-stack-text.ts";
import { loadSettings } from "../../../stacks/loading/load-settings.ts";

describe("the settings file of a new stack", () => {
  it.each([
    { stack: "team", hosts: ["127.0.0.1", "localhost"], port: 5000, runs: "container" as const },
    { stack: "Team.A_1", hosts: ["registry.example.com", "::1"], port: 443, runs: "service" as const },
    { stack: "1", hosts: ["10.0.0.1"], port: 5001, runs: "container" as const },
  ])("is accepted by the program, and says what a new stack gets: %j", (answers) => {
    const text = newStackText(answers);
    const { config } = parse(text) as { config: Record<string, unknown> };
    const values = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "object" ? JSON.stringify(value) : String(value),
      ]),
    );
    const settings = loadSettings({ project: "registry-kit", stack: answers.stack, values }, new Date());
    expect(settings).toMatchObject({ hosts: answers.hosts, port: answers.port });
    expect(text).toMatch(/user without rights[\s\S]*network of its own[\s\S]*ECDSA/);
  });
});

it("npm run help lists every command of package.json that the launcher starts", () => {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const launched = Object.keys(scripts).filter((name) => scripts[name] === `node scripts/start.mjs ${name}`);
  expect([...commandsText.keys()].sort()).toEqual(launched.sort());
});
