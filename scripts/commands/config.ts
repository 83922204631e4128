import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { checkPlace, isCollection } from "../../engine/config/config-path.ts";
import { formatPath } from "../../lib/protocol/property-path.ts";
import { typed as typedCommand } from "../../lib/start-up/typed.ts";
import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import { stackFlag } from "../command-line/stack-flag.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { openEngine } from "../session/session.ts";
import type { SettingPath } from "../settings/setting-path.ts";
import { isSecretSetting, parseSettingPath, pathText, typed } from "../settings/setting-path.ts";
import { valueProblems } from "../settings/value-problems.ts";
import { askSecret } from "../terminal/ask-secret.ts";
import { printResult } from "../terminal/json-result.ts";
import { report } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

interface Options extends CommonOptions {
  secret: boolean;
}

const definition = command("config", "Shows and changes the settings of a stack; comments and order in the file stay.")
  .argument("[action]", "list, get, set or unset", "list")
  .argument("[setting]", 'as in docs/settings.md: port, users.gordon.password, hosts[0], users["it\'s.me"].hash')
  .argument("[value]", "for set; a secret is asked for, or read from standard input")
  .option("--secret", "encrypt the value (a setting that is a secret always is)", false);

await main<Options>(definition, async (options, [action = "list", setting, value]) => {
  const file = new SettingsFile(options.stack);
  if (action === "list") return show(file.settings(), options);
  if (!["get", "set", "unset"].includes(action)) {
    throw new UserError(
      `"${action}" is none of list, get, set and unset. Type: ${typedCommand("config", `set ${action} ...`)}`,
    );
  }
  if (setting === undefined) throw new UserError(`Name the setting. Type: ${typedCommand("config", `${action} port`)}`);
  const path = parseSettingPath(setting);
  if (action === "get") {
    const found = file.get(path);
    if (found === undefined) throw new UserError(`${setting} is not set in stacks/Pulumi.${options.stack}.yaml.`);
    return show(found, options);
  }
  const before = readFileSync(file.path, "utf8");
  if (action === "unset") file.unset(path);
  else await set(file, path, value, options);
  const isChanged = readFileSync(file.path, "utf8") !== before;
  const how = !isChanged ? "is what it was" : action === "unset" ? "is no longer set" : "is set";
  report(`${formatPath(path)} ${how} in stacks/Pulumi.${options.stack}.yaml.`);
  if (isChanged) report(`To see what that changes: ${typedCommand("preview", stackFlag(options.stack))}`);
  if (options.json) printResult({ setting: formatPath(path), changed: isChanged });
  return 0;
});

async function set(file: SettingsFile, path: SettingPath, value: string | undefined, options: Options): Promise<void> {
  const isSecret = options.secret || isSecretSetting(path);
  if (isSecret && value !== undefined) {
    throw new UserError(
      `Nothing was changed: ${formatPath(path)} is a secret, and others can read a command line. ` +
        "Leave the value out: the command asks for it, or reads standard input.",
    );
  }
  if (isSecret) {
    const secret = await askSecret(`${formatPath(path)}: `);
    const { engine } = await openEngine(options, false);
    await engine.setSecret(pathText(path), secret);
    return;
  }
  if (value === undefined)
    throw new UserError(`Name the value. Type: ${typedCommand("config", `set ${formatPath(path)} VALUE`)}`);
  refuseNowhere(file.get([path[0]]), path);
  const given = typed(value);
  const problems = valueProblems(path, given).map((problem) => `${problem.path} ${problem.reason}`);
  if (problems.length > 0) throw new UserError(`Nothing was changed: ${problems.join("; ")}`);
  file.set(path, given);
}

/** A section takes the place of text (`trust: local`), a list does not. @throws {UserError} where the path leads through something else */
function refuseNowhere(current: unknown, [key, ...steps]: SettingPath): void {
  if (steps.length === 0 || (!isCollection(current) && typeof steps[0] === "string")) return;
  try {
    checkPlace(current, { key, steps });
  } catch (error) {
    throw new UserError(`Nothing was changed: ${(error as Error).message}`);
  }
}

function show(value: unknown, { json }: Options): number {
  const shown = masked(value);
  if (json) printResult(shown);
  else process.stdout.write(typeof shown === "object" ? stringify(shown) : `${shown}\n`);
  return 0;
}

/** What is encrypted stays unreadable, and takes no room. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure") return "[secret]";
  return Object.fromEntries(entries.map(([key, inner]) => [key, masked(inner)]));
}
