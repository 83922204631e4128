import type { PreviewDigest } from "../preview/preview-digest.ts";

/** Runs the program of a stack: the Pulumi CLI, or the built-in engine where there is none. */
export interface Engine {
  /** Which one, and why: one line for people. */
  readonly description: string;
  /** Whether it is the Pulumi CLI, which users can type, too. */
  readonly isCli: boolean;
  /** Each returns the exit code; what happened has been shown already. */
  preview(options: PreviewOptions): Promise<number>;
  /** A preview that shows nothing, and tells as data what it found. */
  plan(options: PreviewOptions): Promise<Plan>;
  up(options?: UpOptions): Promise<number>;
  refresh(): Promise<number>;
  /** @param options.purges what it forgets is removed afterwards */
  destroy(options?: { purges: boolean }): Promise<number>;
  /** What the last `up` of the stack left; undefined where the stack does not exist or made nothing. Secrets are in plain text. */
  outputs(): Promise<Record<string, unknown> | undefined>;
  /** What the state holds and what a killed run had begun to create, secrets encrypted; empty where the stack does not exist. */
  resources(): Promise<StackResource[]>;
  /** Encrypts a value and puts it into the settings file. @param path as in `registry-kit:users.gordon.password` @throws {UserError} */
  setSecret(path: string, value: string): Promise<void>;
  /** Forgets a stack that has no resources any more: state, copies and history. Its settings file stays. */
  remove(): Promise<number>;
}

/** The part of a resource's state that the commands look at. */
export interface StackResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** A teardown forgets it and leaves it where it is. */
  retainOnDelete?: boolean;
  /** Looked at only: a teardown forgets it. */
  external?: boolean;
  /** A replacement has taken its place, and it is still to be deleted. */
  delete?: boolean;
  /** A teardown is refused. */
  protect?: boolean;
  /** A killed run had begun to create it: nothing tells whether it is there. */
  begun?: true;
}

export interface UpOptions {
  /** Policies that must be kept, or nothing is touched. */
  packs?: PolicyPackOption[];
  /** Asked with what a preview found, where it found changes; false: nothing is touched, and the exit code is 1. */
  agree?(digest: PreviewDigest): Promise<boolean>;
}

export interface PreviewOptions {
  /** Exit code 1 when anything would change. */
  expectNoChanges: boolean;
  /** Look first at what is really there, which needs the Docker host; the state stays as it is. */
  refresh?: boolean;
  /** Where no Docker host answers, take it to be there, with name, port and volume free. */
  assumeDocker?: boolean;
  packs?: PolicyPackOption[];
  /** Told what was found, where the preview shows it itself. */
  found?(digest: PreviewDigest): void;
}

/** A pack of policies: its folder, and a file with levels and settings of its policies. */
export interface PolicyPackOption {
  path: string;
  config?: string | undefined;
}

export interface Plan {
  digest: PreviewDigest;
  exitCode: number;
}

export interface EngineContext {
  /** Folder of Pulumi.yaml. */
  project: string;
  stack: string;
  /** Variables that lead to the state: backend and passphrase. */
  environment: Record<string, string>;
  /** Machine-readable output only: progress must not be written to standard output. */
  quiet: boolean;
  /** Make it the stack that plain `pulumi` works on. Default: true. */
  select?: boolean;
}
