import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownOptions, takenByNpm } from "../../../scripts/command-line/npm-options.js";
import { projectRoot } from "../../../scripts/project/project-root.ts";
import { copyLauncher } from "../copy-launcher.ts";

/** The launcher in a project whose one command says what it was given. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "kit-npm-"));
  mkdirSync(join(project, "scripts", "commands"), { recursive: true });
  mkdirSync(join(project, "node_modules"));
  copyLauncher(project);
  const packages = JSON.stringify({ packages: { "": {} } });
  writeFileSync(join(project, "package-lock.json"), packages);
  writeFileSync(join(project, "node_modules", ".package-lock.json"), packages);
  const scripts = { down: "node scripts/start.mjs down" };
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "kit", type: "module", engines: { node: ">=22.18" }, scripts }),
  );
  writeFileSync(join(project, ".npmrc"), "yes=true\nfund=false\n");
  writeFileSync(join(project, "scripts", "commands", "down.ts"), "console.log(JSON.stringify(process.argv.slice(2)));");
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** `npm run down ARGS`, with nothing of npm that the run of the tests has set. */
function down(args: string[], env: Record<string, string> = {}) {
  const clean = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  return execa("npm", ["run", "down", ...args], {
    cwd: project,
    env: { ...Object.fromEntries(clean), ...env, PATH: path, npm_config_update_notifier: "false" },
    extendEnv: false,
    reject: false,
    timeout: 60_000,
  });
}

describe("options that npm keeps for itself", () => {
  it.each<[string, string]>([
    ["--stack=pr-7", "npm run down -- --stack=pr-7"],
    ["--stack pr-7", "npm run down -- --stack pr-7"],
    ["--stac=pr-7", "npm run down -- --stac=pr-7"],
    ["--from-stack=pr-7", "npm run down -- --from-stack=pr-7"],
    ["--engine builtin", "npm run down -- --engine builtin"],
    ["--engine=builtin", "npm run down -- --engine builtin"],
    ["--plan p.json", "npm run down -- --plan p.json"],
    ["--no-install", "npm run down -- --no-install"],
    ["--purge", "npm run down -- --purge"],
    ["--json", "npm run --silent down -- --json"],
    ["--jso", "npm run --silent down -- --json"],
    ["--dry-run", "npm run down -- --dry-run"],
    ["--force", "npm run down -- --force"],
    ["--policy-pack=a --policy-pack=b", "npm run down -- --policy-pack=a --policy-pack=b"],
    ["--stack=a -- --stack=b", "npm run down -- --stack=a --stack=b"],
  ])("npm run down %s is refused, and says what to type", async (typed, command) => {
    const { stderr, stdout, exitCode } = await down(typed.split(" "));
    expect(stderr).toContain(`Type: ${command}\n`);
    expect(stderr).toContain("Nothing was done");
    expect(stdout).not.toContain("[");
    expect(exitCode).toBe(1);
  });

  it("a consent in the environment is none of npm's: --yes is refused where npm's own files do not say it", async () => {
    writeFileSync(join(project, ".npmrc"), "");
    expect((await down(["--yes"])).stderr).toContain("Type: npm run down -- --yes\n");
    expect((await down(["-y"])).stderr).toContain("Type: npm run down -- --yes\n");
    writeFileSync(join(project, ".npmrc"), "yes=true\nfund=false\n");
  });

  it.each(["npm_config_stack", "NPM_CONFIG_STACK", "Npm_Config_Stack"])(
    "one that the variable %s names is refused, too",
    async (variable) => {
      const { stderr } = await down([], { [variable]: "pr-7" });
      expect(stderr).toContain("Type: npm run down -- --stack=pr-7\n");
      expect(stderr).toContain("as npm_config_stack, in small or capital letters");
    },
  );

  it.each<[string, Record<string, string>, string[]]>([
    ["", {}, []],
    ["-- --stack=pr-7 --yes", {}, ["--stack=pr-7", "--yes"]],
    ["moby --silent", {}, ["moby"]],
    ["--registry=http://127.0.0.1:9 --color=false --loglevel=error", {}, []],
    ["--quiet", {}, ["--quiet"]],
    ["-q", {}, ["--quiet"]],
    ["--verbose", {}, ["--verbose"]],
    ["--quiet -- --quiet", {}, ["--quiet"]],
    [
      "",
      { NPM_CONFIG_JSON: "true", npm_config_dry_run: "true", npm_config_nodedir: "/usr", NPM_CONFIG_LOGLEVEL: "warn" },
      [],
    ],
  ])("npm run down %s with %o gets what it should", async (typed, env, expected) => {
    const { stdout } = await down(typed.split(" ").filter(Boolean), env);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual(expected);
  });

  it("where npm's own environment can't be read, variables of builds are left alone", () => {
    const environment = { npm_config_nodedir: "/usr", npm_config_electron_mirror: "x", npm_config_stack: "pr-7" };
    expect([...takenByNpm(environment, undefined)]).toEqual([["stack", "pr-7"]]);
  });

  it("are known: every option of a command that npm has none of by the same name", () => {
    const npmHas = ["dry-run", "engine", "help", "json", "no", "only", "plan", "yes", "version", "list"];
    const sources = globSync("{bench,scripts/{commands,command-line,session}}/*.ts", { cwd: projectRoot }).map((path) =>
      readFileSync(join(projectRoot, path), "utf8"),
    );
    const names = [...sources.join("\n").matchAll(/"(?:-\w, )?--(?:no-)?([a-z-]+)(?: <\w+>)?"/g)].map(
      ([, name = ""]) => name,
    );
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !npmHas.includes(name) && !ownOptions.has(name))).toEqual([]);
  });
});
