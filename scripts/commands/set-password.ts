import { readFileSync, writeFileSync } from "node:fs";
import { password, userName } from "../../components/users/user.ts";
import { typed } from "../../lib/start-up/typed.ts";
import { command, main } from "../command-line/command-line.ts";
import { stackFlag } from "../command-line/stack-flag.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { openEngine } from "../session/session.ts";
import { pathText } from "../settings/setting-path.ts";
import { askNewSecret } from "../terminal/ask-secret.ts";
import { printResult } from "../terminal/json-result.ts";
import { report } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

const definition = command(
  "set-password",
  "Sets a user's password, encrypted in the settings file. It asks twice, or reads standard input.",
).argument("<user>", "name; a new name becomes a user with the next up");

/** Other ways to prove who a user is, and what belongs to them. */
const others = ["generated", "generation", "hash"];

await main(definition, async (options, [user = ""]) => {
  const file = new SettingsFile(options.stack);
  refuseIfInvalid("Nothing was changed: the", userName.safeParse(user));
  if (file.get(["registry"]) === "none") throw new UserError("This stack has caches alone: they have no users.");
  const users = file.get(["users"]);
  if (typeof users === "object" && users !== null && "secure" in users) {
    throw new UserError("users is encrypted as a whole in the settings file. Encrypt each password by itself first.");
  }
  const text = await askNewSecret(`Password of "${user}"`);
  refuseIfInvalid("Nothing was changed: the password", password.safeParse(text));
  const before = readFileSync(file.path, "utf8");
  try {
    // Without a word about users there is moby, with a generated password.
    if (users === undefined && user !== "moby") file.set(["users", "moby", "generated"], true);
    if (users === "none") file.unset(["users"]);
    const { engine } = await openEngine(options, false);
    await engine.setSecret(pathText(["users", user, "password"]), text);
    const written = new SettingsFile(options.stack);
    for (const other of others)
      if (written.get(["users", user, other]) !== undefined) written.unset(["users", user, other]);
  } catch (error) {
    writeFileSync(file.path, before);
    throw error;
  }
  if (users === "none") report("Until now anyone could push and pull: with the next up, only users can.");
  report(`The password of "${user}" is set, encrypted, in stacks/Pulumi.${options.stack}.yaml.`);
  report(`It takes effect with the next up: ${typed("up", stackFlag(options.stack))}`);
  if (options.json) printResult({ user, changed: true });
  return 0;
});

/** @throws {UserError} with every reason */
function refuseIfInvalid(what: string, { error }: { error?: { issues: { message: string }[] } | undefined }): void {
  if (error) throw new UserError(`${what} ${error.issues.map(({ message }) => message).join("; ")}.`);
}
