import { Command, CommanderError, Option } from "commander";
import { changeCommand } from "./change-command.ts";
import { configSet } from "./config-set.ts";
import { stackExport, stackImport, stackMerge, stackOutput, stackRemove } from "./stack-commands.ts";

/**
 * Runs a command line, with the names that the Pulumi CLI has for commands and options.
 * @returns the exit code.
 */
export async function main(parameters: string[]): Promise<number> {
  const program = new Command("engine")
    .description("Runs a Pulumi program for Node without the Pulumi CLI, on state that the CLI takes over unchanged.")
    .exitOverride();
  let exitCode = 0;
  const finish = async (result: Promise<number>) => {
    exitCode = await result;
  };
  for (const kind of ["preview", "up", "refresh", "destroy"] as const) {
    const command = stackOptions(program.command(kind))
      .option("--diff", "show the old and new values of changed properties", false)
      .option("-j, --json", "print one JSON document", false)
      .option("--expect-no-changes", "fail where anything changes, or would", false)
      .option("-p, --parallel <n>", "how many changes may run at a time", (text) => positive(text, "--parallel"));
    if (kind === "preview" || kind === "up") {
      command.option("-r, --refresh", "compare with what is really there instead of with the state", false);
      command.option("--policy-pack <folder...>", "obey the policies of a pack; may be repeated");
      command.option("--policy-pack-config <file...>", "levels and settings for the pack of the same place");
    }
    if (kind !== "preview") {
      command.option("-y, --yes", "do not ask, go on", false);
      command.option("-f, --skip-preview", "do not show in advance what will be done", false);
      command.option("--preview-only", "only show what would be done", false);
    }
    command.action((options) => finish(changeCommand(kind, options)));
  }
  const stack = program.command("stack").description("outputs, export, import, merge and removal of a stack");
  stackOptions(stack.command("output"))
    .argument("[name]", "of one output")
    .option("-j, --json", "print JSON", false)
    .option("--show-secrets", "print secrets in plain text", false)
    .action((name, options) => finish(stackOutput(name, options)));
  stackOptions(stack.command("export"))
    .option("--file <file>", "write to a file; by default to standard output")
    .option("--show-secrets", "write secrets in plain text", false)
    .action((options) => finish(stackExport(options)));
  stackOptions(stack.command("import"))
    .option("--file <file>", "read from a file; by default from standard input")
    .action((options) => finish(stackImport(options)));
  stackOptions(stack.command("merge"))
    .description("after a run was killed: put what it did into the state, so that the Pulumi CLI can continue")
    .action((options) => finish(stackMerge(options)));
  stackOptions(stack.command("rm"))
    .option("-y, --yes", "do not ask, go on", false)
    .action((options) => finish(stackRemove(options)));
  const config = program.command("config").description("configuration of a stack");
  stackOptions(config.command("set"))
    .argument("<key>", "with or without a namespace")
    .argument("[value]", "by default read from standard input")
    .option("--path", "the key is a path into a value: users.moby.password, hosts[0]", false)
    .option("--secret", "encrypt the value", false)
    .action((key, value, options) => finish(configSet(key, value, options)));
  try {
    await program.parseAsync(parameters, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code.startsWith("commander.unknown")) console.error(cliOnly);
      return error.exitCode;
    }
    console.error(`error: ${(error as Error).message}`);
    return 1;
  }
  return exitCode;
}

/** Said where a command or an option is unknown: what the CLI has beyond this engine is refused, never ignored. */
const cliOnly = "If the Pulumi CLI has it: use the CLI. This engine works on whole stacks, with what --help shows.";

function stackOptions(command: Command): Command {
  const stack = new Option("-s, --stack <name>", "the stack").env("PULUMI_STACK").makeOptionMandatory();
  return command
    .addOption(stack)
    .option("-C, --cwd <folder>", "run as if started in this folder", process.cwd())
    .option("--non-interactive", "never ask", false);
}

function positive(text: string, name: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} is "${text}"; give a whole number from 1.`);
  return Number(text);
}
