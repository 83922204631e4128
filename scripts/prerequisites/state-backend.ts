import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { shellWord } from "../shell-word.ts";
import type { PrerequisiteOptions, Report } from "./prerequisite.ts";

export interface StateBackendOptions extends PrerequisiteOptions {
  /** `<project>/.state`: holds the state and the passphrase unless the user has a backend. */
  stateDirectory: string;
  /** @default process.env */
  environment?: Readonly<Record<string, string | undefined>>;
}

export interface StateBackend {
  /** `file:///srv/registry/.state/pulumi`, `s3://bucket`, `https://api.pulumi.com`. */
  url: string;
  /** What an engine needs in its environment, beside what is there already. Never the passphrase itself. */
  environment: Record<string, string>;
  /** What to type before using `pulumi` directly on the same stacks; empty where nothing is needed. */
  shellLines: string[];
}

/**
 * Where the state of the stacks is kept, and the passphrase that its secrets are encrypted with.
 *
 * The backend: PULUMI_BACKEND_URL, else that of `pulumi login`, else a folder of the project.
 * The passphrase, for `file://` backends: PULUMI_CONFIG_PASSPHRASE (also an empty one), else PULUMI_CONFIG_PASSPHRASE_FILE, else
 * a file of the project that is made on first use and never overwritten: without it the secrets in the state are lost.
 *
 * @throws where a passphrase file can't be used, or may be read by others
 */
export async function ensureStateBackend(report: Report, options: StateBackendOptions): Promise<StateBackend> {
  const { install, stateDirectory, environment: given = process.env } = options;
  const environment: Record<string, string> = {};
  const chosen = given.PULUMI_BACKEND_URL || loggedIn(given);
  const folder = join(stateDirectory, "pulumi");
  const url = chosen || pathToFileURL(folder).href;
  if (!chosen) {
    environment.PULUMI_BACKEND_URL = url;
    if (install) makePrivateFolder(folder, stateDirectory);
  }
  const origin = given.PULUMI_BACKEND_URL ? " (PULUMI_BACKEND_URL)" : chosen ? ' ("pulumi login")' : "";

  const passphrase = givenPassphrase(given);
  let remark = passphrase;
  if (passphrase === undefined && url.startsWith("file://")) {
    const file = join(stateDirectory, "passphrase");
    remark = `passphrase in ${file}${ensurePassphrase(file, install)}`;
    environment.PULUMI_CONFIG_PASSPHRASE_FILE = file;
  }
  report(`State: ${withoutCredentials(url)}${origin}${remark ? `, ${remark}` : ""}`);
  const shellLines = Object.entries(environment).map(([name, value]) => `export ${name}=${shellWord(value)}`);
  return { url, environment, shellLines };
}

/** The backend of `pulumi login`, which the Pulumi CLI keeps as `current` in its credentials. */
function loggedIn(environment: StateBackendOptions["environment"] = {}): string | undefined {
  const home = environment.PULUMI_HOME || join(environment.HOME || homedir(), ".pulumi");
  const file = join(environment.PULUMI_CREDENTIALS_PATH || home, "credentials.json");
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { current?: string }).current || undefined;
  } catch (error) {
    throw new Error(
      `State: ${file} can't be read: ${(error as Error).message}. Type: pulumi login, or set PULUMI_BACKEND_URL.`,
    );
  }
}

function givenPassphrase(environment: StateBackendOptions["environment"] = {}): string | undefined {
  if (environment.PULUMI_CONFIG_PASSPHRASE !== undefined) return "passphrase in PULUMI_CONFIG_PASSPHRASE";
  const file = environment.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (!file) return undefined;
  if (!existsSync(file)) throw new Error(`State: PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which does not exist.`);
  return `passphrase in ${file}`;
}

/** Makes or checks the project's own passphrase file. @returns a remark for the user */
function ensurePassphrase(file: string, install: boolean): string {
  if (!existsSync(file)) {
    if (!install) return " (made on first use)";
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    if (makePassphrase(file)) return " (made now: keep a copy, the secrets in the state can't be read without it)";
  }
  const mode = statSync(file).mode & 0o777;
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new Error(
      `State: ${file} has mode ${mode.toString(8).padStart(4, "0")}, others may read it. Type: chmod 600 ${shellWord(file)}, and change ` +
        "the passphrase if others use this machine (pulumi stack change-secrets-provider passphrase).",
    );
  }
  if (readFileSync(file, "utf8").trim() === "") {
    throw new Error(
      `State: ${file} is empty. Put the passphrase of the stacks back; only without any stack may it be deleted.`,
    );
  }
  return "";
}

/** Of several first uses at the same time one makes it, and the others see it whole. @returns whether this one did */
function makePassphrase(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

function makePrivateFolder(folder: string, parent: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The parent may be there already, made with whatever mode.
  for (const path of [parent, folder]) if ((statSync(path).mode & 0o777) !== 0o700) chmodSync(path, 0o700);
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
