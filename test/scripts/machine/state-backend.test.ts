import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureStateBackend } from "../../../scripts/machine/state-backend.ts";

let home: string;
let stateDirectory: string;
beforeEach(() => {
  // What a shell and a URL must not misread.
  home = mkdtempSync(join(tmpdir(), "kit it's 100% a#b-"));
  stateDirectory = join(home, "project", ".state");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function ensure(environment: Record<string, string>, install = true, projectBackend?: string) {
  const lines: string[] = [];
  const options = { install, stateDirectory, projectBackend, environment: { HOME: home, ...environment } };
  return { ...(await ensureStateBackend((line) => lines.push(line), options)), lines };
}

function logIn(folder: string, current: string) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "credentials.json"), JSON.stringify({ current, accessTokens: {} }));
}

describe("the state backend", () => {
  it("is a private folder of the project where nothing else is chosen", async () => {
    const { url, environment, lines } = await ensure({});
    expect(url).toBe(pathToFileURL(join(stateDirectory, "pulumi")).href);
    expect(environment).toEqual({
      PULUMI_BACKEND_URL: url,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(stateDirectory, "passphrase"),
    });
    expect(statSync(stateDirectory).mode & 0o777).toBe(0o700);
    expect(statSync(join(stateDirectory, "pulumi")).mode & 0o777).toBe(0o700);
    expect(lines.join(" ")).toMatch(/^State: file:\/\/.*, +passphrase in .* \(made +now: keep a copy/);
    // No word that can be put on a line of its own makes one wider than a terminal.
    expect(lines.filter((line) => line.length > 80 && line.trim().includes(" "))).toEqual([]);
  });

  it.each<[string, Record<string, string>, string | undefined, string]>([
    ["PULUMI_BACKEND_URL", { PULUMI_BACKEND_URL: "file:///srv/state" }, undefined, "file:///srv/state"],
    ["PULUMI_BACKEND_URL before pulumi login", { PULUMI_BACKEND_URL: "s3://b" }, "https://api.pulumi.com", "s3://b"],
    ["pulumi login", {}, "https://api.pulumi.com", "https://api.pulumi.com"],
    ["pulumi login where PULUMI_BACKEND_URL is empty", { PULUMI_BACKEND_URL: "" }, "gs://b", "gs://b"],
  ])("is that of %s", async (_name, environment, current, expected) => {
    if (current) logIn(join(home, ".pulumi"), current);
    const backend = await ensure(environment);
    expect(backend.url).toBe(expected);
    // The built-in engine does not read the login by itself; the CLI needs no line for it.
    expect(backend.environment.PULUMI_BACKEND_URL).toBe(environment.PULUMI_BACKEND_URL ? undefined : expected);
    expect(backend.shellLines.join()).not.toContain("PULUMI_BACKEND_URL");
    expect(existsSync(join(stateDirectory, "pulumi"))).toBe(false);
  });

  it.each<[string, Record<string, string>, string]>([
    ["after PULUMI_BACKEND_URL", { PULUMI_BACKEND_URL: "file:///srv/state" }, "file:///srv/state"],
    ["before pulumi login", {}, "file:///srv/project"],
  ])("is that of Pulumi.yaml: %s, as for the CLI", async (_name, environment, expected) => {
    logIn(join(home, ".pulumi"), "gs://bucket");
    const backend = await ensure(environment, true, "file:///srv/project");
    expect(backend.url).toBe(expected);
    expect(backend.shellLines.join()).not.toContain("PULUMI_BACKEND_URL");
    if (backend.environment.PULUMI_BACKEND_URL) {
      expect(backend.environment.PULUMI_BACKEND_URL).toBe(expected);
      expect(backend.lines.join()).toContain(" (backend in Pulumi.yaml), passphrase in ");
    }
  });

  // What the CLI 3.260 says of each file: readCredentialsFile in sdk/go/common/workspace/creds.go.
  it.each<[string, string, string | undefined]>([
    ["an empty file", "", undefined],
    ["null", "null", undefined],
    ["an empty object", "{}", undefined],
    ["null for the backend", '{"current":null}', undefined],
    ["a capital key", '{"Current":"gs://b"}', "gs://b"],
    ["capitals", '{"CURRENT":"gs://b","accessTokens":null}', "gs://b"],
    ["the key twice", '{"current":"gs://a","current":"gs://b"}', "gs://b"],
  ])("reads a login from %s as the CLI does", async (_name, text, expected) => {
    mkdirSync(join(home, ".pulumi"));
    writeFileSync(join(home, ".pulumi", "credentials.json"), text);
    const { url } = await ensure({});
    if (expected) expect(url).toBe(expected);
    else expect(url).toBe(pathToFileURL(join(stateDirectory, "pulumi")).href);
  });

  it.each([
    ["a list", "[]", "it holds no JSON object"],
    ["text", '"gs://b"', "it holds no JSON object"],
    ["a number for the backend", '{"current":7}', "current is no text"],
    ["what the CLI has encrypted", '{"$pulumiSecureStore":1,"backend":"keyring"}', "the Pulumi CLI has encrypted it"],
  ])("refuses to guess a login from %s", async (_name, text, reason) => {
    mkdirSync(join(home, ".pulumi"));
    writeFileSync(join(home, ".pulumi", "credentials.json"), text);
    await expect(ensure({})).rejects.toThrow(reason);
    await expect(ensure({})).rejects.toThrow("Type: pulumi login, or set PULUMI_BACKEND_URL.");
  });

  it("looks for the login in PULUMI_HOME, and takes a logout for none", async () => {
    logIn(join(home, "elsewhere"), "gs://bucket");
    logIn(join(home, ".pulumi"), "");
    expect((await ensure({ PULUMI_HOME: join(home, "elsewhere") })).url).toBe("gs://bucket");
    expect((await ensure({})).url).toMatch(/^file:\/\//);
  });

  it("names a login that can't be read, and what to type", async () => {
    mkdirSync(join(home, ".pulumi"));
    writeFileSync(join(home, ".pulumi", "credentials.json"), "{");
    await expect(ensure({})).rejects.toThrow(/credentials\.json can't be read: .*pulumi login/);
  });

  it("is told without the password in its URL", async () => {
    const { lines } = await ensure({ PULUMI_BACKEND_URL: "postgres://me:hunter2@host/db" });
    expect(lines).toEqual(["State: postgres://host/db (PULUMI_BACKEND_URL)"]);
  });
});

describe("the passphrase", () => {
  it("is made once: 256 random bits, readable by nobody else, never overwritten", async () => {
    await ensure({});
    const file = join(stateDirectory, "passphrase");
    const passphrase = readFileSync(file, "utf8");
    expect(Buffer.from(passphrase.trim(), "base64url")).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { lines } = await ensure({});
    expect(readFileSync(file, "utf8")).toBe(passphrase);
    expect(lines[0]).toMatch(/passphrase in .*passphrase$/);
    expect(lines.join()).not.toContain(passphrase.trim());
  });

  it.each([
    ["PULUMI_CONFIG_PASSPHRASE", { PULUMI_CONFIG_PASSPHRASE: "hunter2" }],
    ["an empty PULUMI_CONFIG_PASSPHRASE", { PULUMI_CONFIG_PASSPHRASE: "" }],
  ])("is left to %s, which is neither shown nor passed on", async (_name, given) => {
    const { environment, lines } = await ensure(given);
    expect(Object.keys(environment)).toEqual(["PULUMI_BACKEND_URL"]);
    expect(existsSync(join(stateDirectory, "passphrase"))).toBe(false);
    expect(lines[0]).toMatch(/, passphrase in PULUMI_CONFIG_PASSPHRASE$/);
    expect(lines.join()).not.toContain("hunter2");
  });

  it("is left to PULUMI_CONFIG_PASSPHRASE_FILE, which must exist", async () => {
    const file = join(home, "mine");
    await expect(ensure({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).rejects.toThrow(
      `names ${file}, which does not exist`,
    );
    writeFileSync(file, "secret", { mode: 0o600 });
    expect(Object.keys((await ensure({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).environment)).toEqual([
      "PULUMI_BACKEND_URL",
    ]);
  });

  it.each([0o644, 0o640, 0o604])("in a file that others may read (%o) is refused, with what to type", async (mode) => {
    await ensure({});
    chmodSync(join(stateDirectory, "passphrase"), mode);
    await expect(ensure({})).rejects.toThrow(/has mode 06\d\d, others may read it\. Type: chmod 600 '/);
  });

  it.each([
    [0o666, "others may change it"],
    [0o620, "others may change it"],
    [0o644, "others may read it"],
    [0o440, "others may read it"],
    [0o400, undefined],
  ])("in a given file of mode %o: %s", async (mode, problem) => {
    const file = join(home, "mine");
    writeFileSync(file, "secret");
    chmodSync(file, mode);
    const outcome = ensure({ PULUMI_CONFIG_PASSPHRASE_FILE: file });
    if (problem === undefined) await outcome;
    else
      await expect(outcome).rejects.toThrow(new RegExp(`mode 0${mode.toString(8)}, ${problem}\\. Type: chmod 600 '`));
  });

  it.skipIf(process.geteuid?.() !== 0).each([
    [0o666, "others may change it"],
    [0o620, "others may change it"],
    [0o444, undefined],
    [0o644, undefined],
    [0o440, undefined],
  ])(
    `in a given file of mode %o of another user: %s${process.geteuid?.() === 0 ? "" : " (skipped: needs root)"}`,
    async (mode, problem) => {
      const file = join(home, "theirs");
      writeFileSync(file, "secret");
      chownSync(file, 65534, 65534);
      chmodSync(file, mode);
      const outcome = ensure({ PULUMI_CONFIG_PASSPHRASE_FILE: file });
      if (problem === undefined) await outcome;
      else await expect(outcome).rejects.toThrow(problem);
    },
  );

  it.each<[string, (folder: string) => Record<string, string>]>([
    ["the project's own folder", () => ({})],
    ["another folder", (folder) => ({ PULUMI_BACKEND_URL: pathToFileURL(folder).href })],
    [
      "the folder of a login",
      (folder) => {
        logIn(join(home, ".pulumi"), pathToFileURL(folder).href);
        return {};
      },
    ],
  ])("that is missing beside stacks in %s is refused: a new one would not read them", async (_name, choose) => {
    const folder = join(stateDirectory, "pulumi");
    const stacks = join(folder, ".pulumi", "stacks", "registry-kit");
    mkdirSync(join(stacks, "..", "another-project"), { recursive: true });
    mkdirSync(stacks);
    writeFileSync(join(stacks, "..", "another-project", "x.json"), "{}");
    writeFileSync(join(stacks, "dev.json.bak"), "{}");
    const environment = choose(folder);
    await ensure(environment);
    rmSync(join(stateDirectory, "passphrase"));
    writeFileSync(join(stacks, "dev.json"), "{}");
    writeFileSync(join(stacks, "packed.json.gz"), "");
    for (const install of [true, false])
      await expect(ensure(environment, install)).rejects.toThrow(
        /passphrase is missing, .*: dev, packed\. Put it back/,
      );
    expect(existsSync(join(stateDirectory, "passphrase"))).toBe(false);
  });

  it("in an empty file is refused rather than replaced", async () => {
    await ensure({});
    writeFileSync(join(stateDirectory, "passphrase"), "\n");
    await expect(ensure({})).rejects.toThrow(/is empty/);
  });

  it("is made for file backends only", async () => {
    expect((await ensure({ PULUMI_BACKEND_URL: "s3://bucket" })).environment).toEqual({});
    expect(Object.keys((await ensure({ PULUMI_BACKEND_URL: "file:///srv" })).environment)).toEqual([
      "PULUMI_CONFIG_PASSPHRASE_FILE",
    ]);
  });
});

it("nothing is made without leave to install", async () => {
  const { environment, lines } = await ensure({}, false);
  expect(existsSync(stateDirectory)).toBe(false);
  expect(Object.keys(environment)).toEqual(["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"]);
  expect(lines[0]).toMatch(/\(made on first use\)$/);
});

it("the lines for the shell set exactly the environment, whatever the folder is called", async () => {
  const { environment, shellLines } = await ensure({});
  const script = [...shellLines, 'printf "%s\\n%s" "$PULUMI_BACKEND_URL" "$PULUMI_CONFIG_PASSPHRASE_FILE"'].join("\n");
  const { stdout } = await execa("sh", ["-c", script]);
  expect(stdout.split("\n")).toEqual(Object.values(environment));
});
