import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { backendFolder } from "../../engine/state/backend.ts";
import { loggedInBackend } from "../../engine/state/logged-in-backend.ts";
import { passphraseFileProblem } from "../../engine/state/passphrase-file.ts";
import { shellWord } from "../../lib/processes/shell-word.ts";
import { projectName } from "../project/project-name.ts";
import { wrap } from "../terminal/wrap.ts";
import type { PrerequisiteOptions, Report } from "./prerequisite.ts";

export interface StateBackendOptions extends PrerequisiteOptions {
  /** `<project>/.state`: holds the state and the passphrase unless the user has a backend. */
  stateDirectory: string;
  /** `backend.url` of Pulumi.yaml. */
  projectBackend?: string | undefined;
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
 * The backend: PULUMI_BACKEND_URL, else that of Pulumi.yaml, else that of `pulumi login` (the CLI's order), else a folder of the
 * project.
 * The passphrase, for `file://` backends: PULUMI_CONFIG_PASSPHRASE (also an empty one), else PULUMI_CONFIG_PASSPHRASE_FILE, else
 * a file of the project that is made on first use and never overwritten: without it the secrets in the state are lost.
 *
 * @throws where a passphrase file can't be used, or may be read by others
 */
export async function ensureStateBackend(report: Report, options: StateBackendOptions): Promise<StateBackend> {
  const { install, stateDirectory, projectBackend, environment: given = process.env } = options;
  const environment: Record<string, string> = {};
  const chosen = given.PULUMI_BACKEND_URL || projectBackend || loggedInBackend(given);
  const folder = join(stateDirectory, "pulumi");
  const url = chosen || pathToFileURL(folder).href;
  // Also that of a login or of the project: both engines must use the one that is named here.
  if (!given.PULUMI_BACKEND_URL) environment.PULUMI_BACKEND_URL = url;
  if (!chosen && install) makePrivateFolder(folder, stateDirectory);
  const origin = given.PULUMI_BACKEND_URL
    ? " (PULUMI_BACKEND_URL)"
    : projectBackend
      ? " (backend in Pulumi.yaml)"
      : chosen
        ? ' ("pulumi login")'
        : "";

  const passphrase = givenPassphrase(given);
  let remark = passphrase;
  if (passphrase === undefined && url.startsWith("file://")) {
    const file = join(stateDirectory, "passphrase");
    remark = `passphrase in ${file}${ensurePassphrase(file, install, () => stackNames(url))}`;
    environment.PULUMI_CONFIG_PASSPHRASE_FILE = file;
  }
  const isMade = remark?.includes("made now");
  const text = `State: ${withoutCredentials(url)}${origin}${remark ? `, ${remark}` : ""}`;
  if (isMade) for (const line of wrap(text, 80, 2)) report(line);
  else report(text, "detail");
  const shellLines = Object.entries(environment)
    // The CLI knows where it is logged in.
    .filter(([name]) => !(chosen && name === "PULUMI_BACKEND_URL"))
    .map(([name, value]) => `export ${name}=${shellWord(value)}`);
  return { url, environment, shellLines };
}

function givenPassphrase(environment: StateBackendOptions["environment"] = {}): string | undefined {
  if (environment.PULUMI_CONFIG_PASSPHRASE !== undefined) return "passphrase in PULUMI_CONFIG_PASSPHRASE";
  const file = environment.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (!file) return undefined;
  if (!existsSync(file)) throw new Error(`State: PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which does not exist.`);
  refuseOpenFile(file);
  return `passphrase in ${file}`;
}

/** Makes or checks the project's own passphrase file. @returns a remark for the user */
function ensurePassphrase(file: string, install: boolean, stacks: () => string[]): string {
  if (!existsSync(file)) {
    const made = stacks();
    if (made.length > 0) {
      throw new Error(
        `State: ${file} is missing, but there are stacks whose secrets were encrypted with it: ${made.join(", ")}. Put it back from ` +
          "your copy. A new passphrase would not read them.",
      );
    }
    if (!install) return " (made on first use)";
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    if (makePassphrase(file)) return " (made now: keep a copy, the secrets in the state can't be read without it)";
  }
  refuseOpenFile(file);
  if (readFileSync(file, "utf8").trim() === "") {
    throw new Error(
      `State: ${file} is empty. Put the passphrase of the stacks back; only without any stack may it be deleted.`,
    );
  }
  return "";
}

/** @throws where others may read or change the file. */
function refuseOpenFile(file: string): void {
  const problem = passphraseFileProblem(file);
  if (problem) {
    throw new Error(
      `State: ${problem}. Type: chmod 600 ${shellWord(file)}. Somebody may have read the passphrase: think of who uses this machine.`,
    );
  }
}

/** The project's stacks in a `file://` backend. */
function stackNames(url: string): string[] {
  const folder = join(backendFolder(url), ".pulumi", "stacks", projectName);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => /^(.+)\.json(\.gz)?$/.exec(name)?.[1] ?? []);
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
