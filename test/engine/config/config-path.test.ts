import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { main } from "../../../engine/cli/main.ts";
import { findProgram } from "../../../scripts/machine/find-program.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const cli = findProgram("pulumi");

describe("config set --path", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let said: string[];
  beforeEach(async () => {
    folder = await temporaryFolder();
    writeFileSync(join(folder.path, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    process.env.PULUMI_BACKEND_URL = `file://${folder.path}`;
    process.env.PULUMI_CONFIG_PASSPHRASE = "x";
    said = [];
    console.error = (line: string) => said.push(line);
  });
  const variables = { ...process.env };
  const { error } = console;
  afterEach(async () => {
    process.env = { ...variables };
    console.error = error;
    await folder[Symbol.asyncDispose]();
  });

  const file = () => join(folder.path, "Pulumi.a.yaml");
  const set = (...args: string[]) => main(["config", "set", "--stack", "a", "--cwd", folder.path, "--path", ...args]);
  const config = () => (parse(readFileSync(file(), "utf8")) as { config: Record<string, unknown> }).config;

  const commands: [path: string, value: string][] = [
    ["users.moby.password", "secret"],
    ["users.moby.cost", "4"],
    ["hosts[0]", "a"],
    ["hosts[1]", "b"],
    ["hosts[0]", "c"],
    ["port", "5000"],
    ["aws:x.y", "z"],
    ['labels["a.b"]', "true"],
    ["caches[0].name", "hub"],
    ["caches[0].port", "5001"],
    ["numbers.zero", "007"],
    ["numbers.float", "1.5"],
    ["numbers.negative", "-5"],
    ["numbers.plus", "+3"],
    ["numbers.null", "0"],
    ["numbers.large", "99999999999999999999"],
  ];
  const expected = {
    "shop:users": { moby: { password: "secret", cost: 4 } },
    "shop:hosts": ["c", "b"],
    "shop:port": "5000",
    "aws:x": { y: "z" },
    "shop:labels": { "a.b": true },
    "shop:caches": [{ name: "hub", port: 5001 }],
    "shop:numbers": { zero: "007", float: "1.5", negative: -5, plus: 3, null: 0, large: "99999999999999999999" },
  };

  it("makes the maps and lists on the way, and numbers of what reads as one", async () => {
    for (const [path, value] of commands) expect(await set("--", path, value), path).toBe(0);
    expect(config()).toEqual(expected);
  });

  it.skipIf(!cli)(`writes what the CLI writes${cli ? "" : " (skipped: no Pulumi CLI on PATH)"}`, () => {
    const options = ["--cwd", folder.path, "--non-interactive", "--stack", "a"];
    const pulumi = (...args: string[]) => execFileSync("pulumi", [...args, ...options], { stdio: "pipe" });
    pulumi("stack", "init");
    pulumi("config", "set-all", "--path", ...commands.flatMap(([path, value]) => ["--plaintext", `${path}=${value}`]));
    expect(config()).toEqual(expected);
  });

  it("encrypts one value among others, and leaves comments where they are", async () => {
    writeFileSync(file(), "config:\n  shop:users: # mine\n    moby: { cost: 4 }\n");
    expect(await set("--secret", "users.gordon.password", "s3cret")).toBe(0);
    expect(config()).toEqual({
      "shop:users": { moby: { cost: 4 }, gordon: { password: { secure: expect.stringMatching(/^v1:/) } } },
    });
    const text = readFileSync(file(), "utf8");
    expect(text).toContain("# mine");
    expect(text).toContain("encryptionsalt: v1:");
    expect(text).not.toContain("s3cret");
  });

  it("keeps what a value holds as JSON text", async () => {
    writeFileSync(file(), `config:\n  shop:users: '{"moby":{"cost":4}}'\n`);
    expect(await set("users.gordon.cost", "5")).toBe(0);
    expect(config()).toEqual({ "shop:users": { moby: { cost: 4 }, gordon: { cost: 5 } } });
  });

  it.each([
    ["hosts[2]", "hosts has no place 2: the next one is 1."],
    ["hosts.x", "hosts is a list: name an index."],
    ["users[0]", "users is a map: name a key."],
    ["users.moby.cost.x", "users.moby.cost is neither a map nor a list."],
    ["users.gordon.secure", 'users.gordon: a map with the key "secure" alone'],
    ["port.x", "port is neither a map nor a list."],
    ["users.secret.x", "users.secret is neither a map nor a list."],
    ["whole.x", "whole is encrypted as a whole: set all of it."],
    ["[0].a", "begin with its key"],
    ["a[", "is no property path"],
  ])("refuses %s, and changes nothing", async (path, reason) => {
    const text =
      "config:\n  hosts: [a]\n  port: 5000\n  users:\n    moby: {cost: 4}\n    secret: {secure: v1:x}\n  whole: {secure: v1:y}\n".replaceAll(
        /^ {2}(?=\w)/gm,
        "  shop:",
      );
    writeFileSync(file(), text);
    expect(await set(path, "1")).toBe(1);
    expect(said.join()).toContain(reason);
    expect(readFileSync(file(), "utf8")).toBe(text);
  });
});
