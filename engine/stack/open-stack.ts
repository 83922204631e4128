import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Project, readProject } from "../config/project.ts";
import { StackConfigFile } from "../config/stack-config.ts";
import { backendFolder, bareStackName, stackPaths } from "../state/backend.ts";
import type { Deployment, EncryptedDeployment } from "../state/checkpoint.ts";
import { CheckpointWriter, decryptDeployment, emptyDeployment } from "../state/checkpoint.ts";
import { loggedInBackend } from "../state/logged-in-backend.ts";
import { Passphrase } from "../state/passphrase.ts";
import { passphraseFileProblem } from "../state/passphrase-file.ts";
import { SecretValues } from "../state/secret-values.ts";
import { StackFile } from "../state/stack-file.ts";

/** Which stack, and how to get at it. */
export interface StackOptions {
  /** A folder with Pulumi.yaml in it or above it. */
  projectDirectory: string;
  /** `dev`, or `organization/<project>/dev`. */
  stack: string;
  /** `file://...`; by default PULUMI_BACKEND_URL, then `backend.url` of Pulumi.yaml, then `pulumi login`, then `file://~`. */
  backendUrl?: string;
  /** By default PULUMI_CONFIG_PASSPHRASE, then the content of PULUMI_CONFIG_PASSPHRASE_FILE. */
  passphrase?: string;
  /** By default that of this process. */
  environment?: NodeJS.ProcessEnv;
}

/** A stack on disk: its project, configuration and state. Opening it changes nothing. */
export interface Stack {
  project: Project;
  name: string;
  config: StackConfigFile;
  file: StackFile;
  /** The state as it is on disk; undefined where there is none yet. */
  encrypted: EncryptedDeployment | undefined;
  /** The key of the stack's secrets. @throws where the passphrase is missing or wrong. */
  key(): Promise<Passphrase>;
  /** The state, decrypted, and what writes it. @param imported takes the place of the state on disk. */
  load(imported?: ImportedState): Promise<{ deployment: Deployment; writer: CheckpointWriter }>;
}

/** A state from elsewhere; `origin` names the place in errors. */
export interface ImportedState {
  encrypted: EncryptedDeployment;
  origin: string;
}

/** Which stack it is, and where its state is or will be. */
export type StackPlace = Pick<Stack, "project" | "name" | "file">;

/** @throws where the project is not there or not understood, and for a backend that needs the Pulumi CLI. */
export async function locateStack(options: StackOptions): Promise<StackPlace> {
  const environment = options.environment ?? process.env;
  const project = await readProject(options.projectDirectory);
  const name = bareStackName(options.stack, project.name);
  const url =
    options.backendUrl ??
    (environment.PULUMI_BACKEND_URL || project.backendUrl || loggedInBackend(environment) || "file://~");
  return { project, name, file: new StackFile(stackPaths(backendFolder(url), project.name, name)) };
}

/**
 * @param place is given by who has locked the stack: what is read before that may be out of date.
 * @param readsState false: the state is about to be replaced, and may be one that cannot be read.
 * @throws where project, configuration or state are not there or not understood.
 */
export async function openStack(options: StackOptions, place?: StackPlace, readsState = true): Promise<Stack> {
  const environment = options.environment ?? process.env;
  const { project, name, file } = place ?? (await locateStack(options));
  const config = await StackConfigFile.read(project, name);
  const encrypted = readsState ? (await file.read())?.latest : undefined;
  const saltOf = (state: EncryptedDeployment | undefined) => state?.secrets_providers?.state?.salt;
  const passphrase = async () => options.passphrase ?? (await environmentPassphrase(environment));
  let opened: Promise<Passphrase> | undefined;
  const key = () => {
    opened ??= passphrase().then((phrase) => {
      const salt = config.salt ?? saltOf(encrypted);
      return salt ? Passphrase.open(phrase, salt) : Passphrase.create(phrase);
    });
    return opened;
  };
  const load: Stack["load"] = async (imported) => {
    const { encrypted: state, origin } = imported ?? { encrypted, origin: file.paths.stateFile };
    const writerKey = await key();
    const salt = saltOf(state) ?? writerKey.salt;
    const readerKey = salt === writerKey.salt ? writerKey : await Passphrase.open(await passphrase(), salt);
    const secrets = new SecretValues(readerKey, writerKey);
    return {
      deployment: state ? decryptDeployment(state, secrets, origin) : emptyDeployment,
      writer: new CheckpointWriter(secrets, file.paths.fullName, writerKey.salt),
    };
  };
  return { project, name, config, file, encrypted, key, load };
}

/** @throws also where there is no such stack. */
export async function openExisting(options: StackOptions): Promise<Stack> {
  const stack = await openStack(options);
  if (!stack.file.exists) throw new Error(`There is no stack "${stack.name}" in ${stack.file.paths.stateFile}.`);
  return stack;
}

async function environmentPassphrase(environment: NodeJS.ProcessEnv): Promise<string> {
  const { PULUMI_CONFIG_PASSPHRASE: phrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (phrase !== undefined) return phrase;
  if (file && existsSync(file)) {
    const problem = passphraseFileProblem(file);
    if (problem) throw new Error(`The passphrase: ${problem}. Take the rights of others away: chmod 600 ${file}`);
    return (await readFile(file, "utf8")).trim();
  }
  throw new Error(
    "The stack's secrets need a passphrase: set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it." +
      (file ? ` ${file} is not there.` : ""),
  );
}
