import { Command, Option } from "commander";
import { UserError } from "./user-error.ts";

/** Options that every command takes. */
export interface CommonOptions {
  /** Name of the stack: settings are in stacks/Pulumi.<stack>.yaml. */
  stack: string;
  /** Which engine; undefined: the Pulumi CLI when it is on PATH, else the kit's own. */
  engine?: "pulumi" | "own";
  /** Whether what is missing may be installed. */
  install: boolean;
  /** Report as JSON on standard output. */
  json: boolean;
}

/** A command with the common options; `run` with its options and arguments ends with the exit code. */
export function command(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .option("-s, --stack <name>", "stack: its settings are in stacks/Pulumi.<name>.yaml", "dev")
    .addOption(
      new Option("--engine <engine>", "pulumi: the CLI; own: the kit's own (default: the CLI when on PATH)").choices([
        "pulumi",
        "own",
      ]),
    )
    .option("--no-install", "only report what is missing")
    .option("--json", "report as JSON", false)
    .showHelpAfterError("(add --help for the options)")
    .allowExcessArguments(false);
}

/** Parses the command line, runs the action and sets the exit code; a {@link UserError} is shown in one piece. */
export async function main<Options extends CommonOptions>(
  definition: Command,
  action: (options: Options, args: string[]) => Promise<number>,
): Promise<void> {
  definition.parse();
  try {
    process.exitCode = await action(definition.opts<Options>(), definition.args);
  } catch (error) {
    const known = error instanceof UserError;
    process.stderr.write(`${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exitCode = 1;
  }
}
