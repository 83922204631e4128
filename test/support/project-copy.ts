import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { shellWord } from "../../lib/processes/shell-word.ts";
import { chooseEngine } from "../../scripts/engines/choose-engine.ts";
import type { EngineName } from "../../scripts/engines/engine-name.ts";
import { projectRoot } from "../../scripts/project/project-root.ts";
import { copyProjectFiles } from "./copy-project-files.ts";
import type { DockerNode } from "./docker-node.ts";
import { occupy } from "./occupy-port.ts";
import { onTerminal, type TerminalRun } from "./on-terminal.ts";
import { randomName } from "./random-name.ts";
import type { Reaper } from "./reaper.ts";
import { startReaper } from "./reaper.ts";
import { removeStackObjects } from "./remove-stack-objects.ts";

/** Milliseconds; longer than any command of a small stack takes, on a busy machine too. */
const longest = 120_000;

export interface CommandOptions {
  /** Added to the environment; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  /** In a process group of its own, to be signalled as a terminal does. */
  detached?: boolean;
  /** What it reads on standard input. */
  input?: string;
  /** A program that reads what the command writes, and may end before it: `head -2`. */
  reader?: string;
  /** Milliseconds. @default 120,000 */
  timeout?: number;
}

/** A command that runs: the promise of its result, and the process. */
export type RunningCommand = ReturnType<typeof start>;
export type CommandResult = Awaited<RunningCommand>;

/** What a copy is asked to be, beside what every copy is. */
export interface CopyOptions {
  /** Which engine `run` asks for. Default: as a user who says nothing. */
  engine?: EngineName;
  /** Changed settings: `{ "container.memory": 256, tls: undefined }`; undefined removes one. */
  settings?: Record<string, unknown>;
  /** Which of the shipped stacks. @default "dev" */
  stack?: string;
  /** Where its commands run. Default: on this machine. */
  node?: Pick<DockerNode, "inside">;
}

/**
 * The project as a fresh clone in a temporary folder, with names, port, trust folder, state and passphrase that nobody else has.
 * Disposing of it removes it and everything that its stack made, also what the stack would keep.
 */
export class ProjectCopy implements AsyncDisposable {
  readonly folder: string;
  /** Of the container; all other objects begin with it. */
  readonly name: string;
  /** On 127.0.0.1; that of the settings. */
  port: number;
  private readonly environment: Record<string, string>;
  private readonly engine: EngineName | undefined;
  private readonly stack: string;
  private readonly node: CopyOptions["node"];
  private readonly ports: Set<number>;
  private readonly reaper: Reaper;

  private constructor(folder: string, port: number, { engine, stack = "dev", node }: CopyOptions) {
    this.folder = folder;
    this.stack = stack;
    this.node = node;
    this.name = randomName("e2e");
    this.port = port;
    this.engine = engine;
    this.ports = new Set([port]);
    this.environment = {
      PULUMI_HOME: join(folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Shared by all copies: most of what a command loads is the same.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(projectRoot, ".cache", "node"),
    };
    this.reaper = startReaper();
    this.tellReaper();
  }

  static async make(options: CopyOptions = {}): Promise<ProjectCopy> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "registry-kit-e2e-")));
    const copy = new ProjectCopy(folder, await freePort(), options);
    try {
      await copyProjectFiles(folder);
      copy.forgetPassphrase();
      const { name, port, volume, certsDirectory } = copy;
      copy.change({ name, port, "storage.volume.name": volume, trust: { certsDirectory }, ...options.settings });
      return copy;
    } catch (error) {
      copy.removeEverything();
      throw error;
    }
  }

  /** The volume with the images. */
  get volume(): string {
    return `${this.name}-data`;
  }

  /** Where the stack puts what the daemon would trust. */
  get certsDirectory(): string {
    return join(this.folder, "certs.d");
  }

  /** What is in there, folders too. */
  trustedFiles(): string[] {
    return existsSync(this.certsDirectory)
      ? readdirSync(this.certsDirectory, { recursive: true, encoding: "utf8" }).sort()
      : [];
  }

  /** `127.0.0.1:54321` */
  get place(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The state file of the stack. */
  get stateFile(): string {
    return join(this.folder, `.state/pulumi/.pulumi/stacks/registry-kit/${this.stack}.json`);
  }

  /** Edits the stack's settings as a user would: everything else in the file stays. */
  change(settings: Record<string, unknown>): void {
    const document = parseDocument(this.settingsText());
    for (const [path, value] of Object.entries(settings)) {
      const [key = "", ...rest] = path.split(".");
      const full = ["config", `registry-kit:${key}`, ...rest];
      if (value === undefined) document.deleteIn(full);
      else document.setIn(full, document.createNode(value));
    }
    writeFileSync(this.settingsFile, document.toString({ lineWidth: 0 }));
    if (typeof settings.port === "number") this.port = settings.port;
  }

  /** The text of the stack's settings file. */
  settingsText(): string {
    return readFileSync(this.settingsFile, "utf8");
  }

  /** Puts a text of {@link settingsText} back. */
  restore(text: string): void {
    writeFileSync(this.settingsFile, text);
    this.port = Number(parseDocument(text).getIn(["config", "registry-kit:port"]));
  }

  /** A command as npm runs it: `run("up")` is `npm run up`. Any exit code is an answer. */
  run(command: string, args: string[] = [], options: CommandOptions = {}): RunningCommand {
    const engine = this.engine ? ["--engine", this.engine] : [];
    // As a user who says nothing, where that is the stack of this copy.
    const stack = this.stack === "dev" ? [] : ["--stack", this.stack];
    const launcher = join(this.folder, "scripts", "start.mjs");
    const line = [process.execPath, launcher, command, ...stack, ...engine, ...args] as const;
    if (options.reader === undefined) return this.start(line[0], line.slice(1), options);
    return this.start("sh", ["-c", `${line.map(shellWord).join(" ")} 2>&1 | ${options.reader}`], options);
  }

  /** A command on a terminal of 80 columns, with answers to what it asks. */
  onTerminal(command: string, args: string[], answers: [at: RegExp, typed: string][] = []): Promise<TerminalRun> {
    const engine = this.engine ? ["--engine", this.engine] : [];
    const env = { ...withoutOwnBackend, ...this.environment };
    return onTerminal(["npm", "run", command, "--", ...engine, ...args], { cwd: this.folder, env, answers });
  }

  /** The Pulumi CLI, typed directly after the lines that `up` says. */
  pulumi(args: string[], { stack = this.stack, ...options }: CommandOptions & { stack?: string } = {}): RunningCommand {
    const env = { ...this.state(), ...options.env };
    return this.start("pulumi", [...args, "--stack", stack, "--non-interactive"], { ...options, env });
  }

  /** The built-in engine, called directly as the CLI is. */
  direct(args: string[], options: CommandOptions = {}): RunningCommand {
    const env = { ...this.state(), ...options.env };
    const cli = join(this.folder, "engine", "cli.ts");
    return this.start(process.execPath, [cli, ...args, "--stack", this.stack], { ...options, env });
  }

  /** What the last `up` left, secrets in plain text; undefined: nothing. */
  async outputs(): Promise<Record<string, unknown> | undefined> {
    const environment = { ...this.environment, ...this.state() };
    const engine = await chooseEngine(() => {}, this.engine, {
      project: this.folder,
      stack: this.stack,
      environment,
      quiet: true,
    });
    return await engine.outputs();
  }

  /** A free port instead of the one that the copy was given; removed with the copy, like it. */
  async anotherPort(): Promise<number> {
    const port = await freePort();
    this.ports.add(port);
    this.tellReaper();
    return port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.removeEverything();
  }

  private get settingsFile(): string {
    return join(this.folder, "stacks", `Pulumi.${this.stack}.yaml`);
  }

  private start(
    file: string,
    args: string[],
    { env, detached = false, timeout = longest, input }: CommandOptions,
  ): RunningCommand {
    const command = this.node ? this.node.inside(file, args, this.folder) : ([file, args] as const);
    return start(...command, {
      cwd: this.folder,
      detached,
      timeout,
      input,
      env: { ...withoutOwnBackend, ...this.environment, ...env },
    });
  }

  /** The lines that `up` says to type before plain `pulumi`. */
  private state(): Record<string, string> {
    const state = join(this.folder, ".state");
    return {
      PULUMI_BACKEND_URL: pathToFileURL(join(state, "pulumi")).href,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(state, "passphrase"),
    };
  }

  /** A developer may have used its stack: the first `up` wrote into the settings file. */
  private forgetPassphrase(): void {
    const text = this.settingsText().replace(/^encryptionsalt:.*\n/m, "");
    writeFileSync(this.settingsFile, text);
  }

  private tellReaper(): void {
    this.reaper.tell({ stack: { name: this.name, ports: [...this.ports] }, folders: [this.folder] });
  }

  private removeEverything(): void {
    removeStackObjects(this.name, this.ports);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    this.reaper.dismiss();
  }
}

type StartOptions = Required<Omit<CommandOptions, "reader" | "input">> & { cwd: string; input: string | undefined };

function start(file: string, args: string[], { input, ...options }: StartOptions) {
  const stdin = input === undefined ? ({ stdin: "ignore" } as const) : { input };
  return execa(file, args, { ...options, ...stdin, reject: false, all: true });
}

/** A backend or passphrase of the person who runs the tests must not be used. */
const withoutOwnBackend: Record<string, string | undefined> = {
  PULUMI_BACKEND_URL: undefined,
  PULUMI_CREDENTIALS_PATH: undefined,
  PULUMI_CONFIG_PASSPHRASE: undefined,
  PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
};

/** A port of 127.0.0.1 that nobody listens on. */
async function freePort(): Promise<number> {
  await using server = await occupy();
  return server.port;
}
