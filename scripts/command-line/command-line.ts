import { Command, Option } from "commander";
import { DockerContextError } from "../../lib/docker/docker-context.ts";
import { isClone } from "../../lib/start-up/is-clone.ts";
import { typed } from "../../lib/start-up/typed.ts";
import type { EngineName } from "../engines/engine-name.ts";
import { engineName } from "../engines/engine-name.ts";
import { endQuietly } from "../terminal/end-quietly.ts";
import { addResult, finishResult } from "../terminal/json-result.ts";
import { turnProgressOff } from "../terminal/progress.ts";
import { complain, setVerbosity } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";
import { followDockerContext } from "./follow-docker-context.ts";
import { versionText } from "./version-text.ts";

/** Options that every command takes. */
export interface CommonOptions {
  /** Name of the stack: settings are in stacks/Pulumi.<stack>.yaml. */
  stack: string;
  /** Which engine; undefined: the Pulumi CLI when it is on PATH, else the built-in one. */
  engine?: EngineName;
  /** Whether what is missing may be installed. */
  install: boolean;
  /** Report as JSON on standard output. */
  json: boolean;
  /** Say only what failed. */
  quiet: boolean;
  /** Say each thing that is found, and each step. */
  verbose: boolean;
}

/** A command with the common options; `run` with its options and arguments ends with the exit code. */
export function command(name: string, description: string): Command {
  return new Command(isClone ? `npm run ${name} --` : typed(name))
    .description(description)
    .option("-s, --stack <name>", "stack: its settings are in stacks/Pulumi.<name>.yaml", "dev")
    .addOption(
      new Option(
        "--engine <engine>",
        '"pulumi" (the CLI) or "builtin" (default: the CLI if it is on PATH, else the built-in engine)',
      ).argParser(engineName),
    )
    .option("--no-install", "only report what is missing")
    .option("--json", "report as JSON", false)
    .option("-q, --quiet", "say only what failed", false)
    .option("--verbose", "say each thing that is found, and each step", false)
    .version(versionText(), "--version", "show the versions of the kit and of Node")
    .showHelpAfterError("(add --help for the options)")
    .allowExcessArguments(false);
}

/** Parses the command line, runs the action and sets the exit code; a {@link UserError} is shown in one piece. */
export async function main<Options extends CommonOptions>(
  definition: Command,
  action: (options: Options, args: string[]) => Promise<number>,
): Promise<void> {
  endQuietly();
  definition.parse();
  const options = definition.opts<Options>();
  setVerbosity(options.quiet ? "quiet" : options.verbose ? "verbose" : "normal");
  if (options.quiet) turnProgressOff();
  try {
    followDockerContext();
    process.exitCode = await action(options, definition.args);
    if (options.json) finishResult(Number(process.exitCode));
  } catch (error) {
    const known = error instanceof UserError || error instanceof DockerContextError;
    complain(known ? error.message : ((error as Error).stack ?? String(error)));
    if (options.json) {
      addResult({ error: { message: (error as Error).message } });
      finishResult(1);
    }
    process.exitCode = 1;
  }
}
