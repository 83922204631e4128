import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Option } from "commander";
import { hostName } from "../../components/certificates/host-name.ts";
import { isClone } from "../../lib/start-up/is-clone.ts";
import { typed } from "../../lib/start-up/typed.ts";
import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import { projectRoot } from "../project/project-root.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { newProjectText } from "../settings/new-project-text.ts";
import { type NewStack, newStackText } from "../settings/new-stack-text.ts";
import { ask, canAsk } from "../terminal/ask.ts";
import { printResult } from "../terminal/json-result.ts";
import { report } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";
import { isPortTaken } from "../throw-away/free-port.ts";

interface Options extends CommonOptions {
  host?: string[];
  port?: string;
  runs?: NewStack["runs"];
}

// Here, as what follows the command is not there yet when it runs.
const loopback = ["127.0.0.1", "localhost"];

const definition = command("init", "Writes the settings file of a new stack, with comments; asks on a terminal.")
  .argument("[stack]", "its name: the file is stacks/Pulumi.<stack>.yaml")
  .option(
    "--host <name>",
    "name or address by which clients reach it, may be repeated",
    (one, others: string[] = []) => [...others, one],
  )
  .option("--port <port>", "port on the Docker host")
  .addOption(new Option("--runs <how>", "as a container or as a service of a swarm").choices(["container", "service"]));

await main<Options>(definition, async (options, [given]) => {
  const stack = given ?? (await askStack());
  const path = SettingsFile.pathOf(stack);
  if (SettingsFile.exists(stack)) {
    throw new UserError(
      `stacks/Pulumi.${stack}.yaml already exists; nothing was written. Choose another name, or edit it.`,
    );
  }
  const answers: NewStack = {
    stack,
    hosts: options.host ?? (await askHosts()),
    port: Number(options.port ?? (await askPort(stack))),
    runs: options.runs ?? (await askHow()),
  };
  refuseWrong(answers);
  writeProject();
  writeFileSync(path, newStackText(answers), { flag: "wx" });
  report(`Written: stacks/Pulumi.${stack}.yaml. Read it, then type: ${typed("up", `--stack ${stack}`)}`);
  if (options.json) printResult({ file: `stacks/Pulumi.${stack}.yaml`, ...answers });
  return 0;
});

/** @throws {UserError} in a clone, where nobody is there to be asked: its stacks have names already */
async function askStack(): Promise<string> {
  if (canAsk()) return (await answerTo("What is the stack called? (Enter: dev)")) || "dev";
  if (isClone) throw new UserError(`Name the stack. Type: ${typed("init", "NAME")}`);
  return "dev";
}

/** What a folder without a clone needs beside the settings. What is there stays. */
function writeProject(): void {
  if (isClone) return;
  mkdirSync(join(projectRoot, "stacks"), { recursive: true });
  for (const [name, text] of [
    ["Pulumi.yaml", newProjectText],
    [".gitignore", "node_modules\n.state\n.cache\n"],
  ] as const) {
    if (existsSync(join(projectRoot, name))) continue;
    writeFileSync(join(projectRoot, name), text, { flag: "wx" });
    report(`Written: ${name}.`);
  }
}

async function askHosts(): Promise<string[]> {
  if (!canAsk()) return loopback;
  const answer = await answerTo("By which names or addresses do clients reach it? (Enter: this machine alone)");
  return answer === "" ? loopback : answer.split(/[\s,]+/);
}

async function askPort(stack: string): Promise<string> {
  let free = 5000;
  while (free < 5100 && (await isPortTaken(free, stack, {}).catch(() => false))) free++;
  return (canAsk() && (await answerTo(`On which port? (Enter: ${free})`))) || String(free);
}

async function askHow(): Promise<NewStack["runs"]> {
  if (!canAsk()) return "container";
  const answer = await answerTo("As a container, or as a service of a Docker swarm? (Enter: container)");
  if (!["", "container", "service"].includes(answer))
    throw new UserError(`"${answer}" is neither container nor service.`);
  return answer === "service" ? "service" : "container";
}

async function answerTo(question: string): Promise<string> {
  const answer = await ask(question);
  if (answer === undefined) throw new UserError("Nothing was written.");
  return answer.trim();
}

/** @throws {UserError} with every problem */
function refuseWrong({ hosts, port }: NewStack): void {
  const problems = [
    ...hosts.flatMap(
      (host) =>
        hostName
          .safeParse(host)
          .error?.issues.map(({ message }) =>
            message.startsWith(JSON.stringify(host)) ? `host ${message}` : `host ${JSON.stringify(host)} ${message}`,
          ) ?? [],
    ),
    ...(Number.isInteger(port) && port > 0 && port < 65536 ? [] : ["the port must be a whole number from 1 to 65535"]),
  ];
  if (problems.length > 0) throw new UserError(`Nothing was written: ${problems.join("; ")}.`);
}
