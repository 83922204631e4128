import { typed } from "../../lib/start-up/typed.ts";
import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import { agreeToUpdate } from "../preview/agree-to-update.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { verifyStack } from "../proof/verify-stack.ts";
import { readDeployment } from "../session/deployment.ts";
import { askForRootRights, filesMade } from "../session/root-rights.ts";
import { openSession } from "../session/session.ts";
import { explainFailedService } from "../status/explain-failed-service.ts";
import { askYes, canAsk } from "../terminal/ask.ts";
import { addResult } from "../terminal/json-result.ts";
import { listNames } from "../terminal/list-names.ts";
import { report } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

interface Options extends CommonOptions {
  yes: boolean;
}

/** What can be rotated -> the setting that counts it. */
const counters: Record<string, string[]> = {
  certificate: ["rotation", "certificate"],
  authority: ["rotation", "authority"],
  "http-secret": ["rotation", "httpSecret"],
  "storage-key": ["rotation", "storageKey"],
};

const definition = command(
  "rotate",
  "Creates a new certificate, authority, http.secret, access key for AWS or generated password, and deploys it.",
)
  .argument("<what>", `${Object.keys(counters).join(", ")} or password`)
  .argument("[user]", "for password: whose")
  .option("-y, --yes", "confirm in advance that a new authority ends the trust of other machines; do not ask", false);

await main<Options>(definition, async (options, [what = "", user]) => {
  addResult({ stack: options.stack });
  const path = counterOf(new SettingsFile(options.stack), what, user);
  const { engine, settingsFile } = await openSession(options, { deploys: true });
  const resources = await engine.resources();
  if (resources.length === 0) {
    throw new UserError(
      `Stack "${options.stack}" is not deployed, so there is nothing to rotate. Type: ${typed("up", `--stack ${options.stack}`)}`,
    );
  }
  if (what === "authority" && !options.yes) await agreeToNewAuthority(options.stack);
  const changes: [string[], number | boolean][] = [[path, Number(settingsFile.get(path) ?? 1) + 1]];
  if (user !== undefined && settingsFile.get(["users", user]) === undefined) {
    changes.unshift([["users", user, "generated"], true]);
  }
  const before = changes.map(([changed]) => [changed, settingsFile.get(changed)] as const);
  for (const [changed, value] of changes) settingsFile.set(changed, value);
  report(`Settings: ${path.join(".")} is now ${settingsFile.get(path)} in stacks/Pulumi.${options.stack}.yaml`);
  await using _ = await askForRootRights(what === "authority" ? filesMade(resources) : [], true);
  const code = await engine.up({ agree: (digest) => agreeToUpdate(digest, { ...options, yes: true }) });
  if (code !== 0) {
    await explainFailedService(settingsFile, options.stack);
    const touched = JSON.stringify(await engine.resources()) !== JSON.stringify(resources);
    report(touched ? finishIt(options.stack) : putBack(new SettingsFile(options.stack), before, path));
    return code;
  }
  return await verifyStack(
    await readDeployment(engine, options.stack),
    settingsFile.early().docker,
    options.json,
    "short",
  );
});

/** @throws {UserError} if nobody agrees, or there is no terminal to ask on */
async function agreeToNewAuthority(stack: string): Promise<void> {
  const ends = `A new authority ends the trust of every machine that this stack does not manage: each needs the new ca.crt. Images and passwords stay.`;
  if (!canAsk())
    throw new UserError(
      `Nothing was changed: you must confirm a new authority, and there is no terminal to ask on. ${ends} To confirm in advance, add --yes.`,
    );
  if (!(await askYes(`${ends} Create a new authority for stack "${stack}"?`)))
    throw new UserError("Nothing was changed.");
}

/** The new one may be made already: with the old number the next run would make yet another. */
function finishIt(stack: string): string {
  return (
    `The rotation has started but is not finished. Fix the error above, then run "${typed("up", `--stack ${stack}`)}". ` +
    "Don't run rotate again: that would create another key."
  );
}

/** Nothing was changed, so nothing is counted. The file is read again: the engine may have added to it. */
function putBack(file: SettingsFile, before: (readonly [string[], unknown])[], path: string[]): string {
  for (const [changed, value] of before) {
    if (value === undefined) file.unset(changed);
    else file.set(changed, value as number);
  }
  return `Nothing was rotated: ${path.join(".")} is what it was before.`;
}

/** @throws {UserError} where there is nothing to count: before anything is looked for or changed */
function counterOf(settingsFile: SettingsFile, what: string, user: string | undefined): string[] {
  if (["password", "http-secret"].includes(what) && settingsFile.get(["registry"]) === "none") {
    throw new UserError(
      `The kit has created no ${what}: this stack has no registry, and its caches ask for no password.`,
    );
  }
  if (what === "password") return passwordCounter(settingsFile, user);
  const path = Object.hasOwn(counters, what) ? counters[what] : undefined;
  if (!path) throw new UserError(`"${what}" can't be rotated. Allowed: ${Object.keys(counters).join(", ")}, password.`);
  if (user !== undefined) throw new UserError(`"rotate ${what}" takes no other argument, got "${user}".`);
  const ownCertificate = settingsFile.get(["tls"]) === "none" || settingsFile.get(["tls", "provided"]) !== undefined;
  if (["certificate", "authority"].includes(what) && ownCertificate) {
    throw new UserError(`The kit has issued no ${what}: see "tls" in the settings.`);
  }
  if (what === "storage-key" && (settingsFile.get(["storage", "aws", "identity"]) ?? "user") !== "user") {
    throw new UserError('There is no access key that the kit has made: see "storage.aws.identity" in the settings.');
  }
  if (what === "storage-key" && settingsFile.get(["storage", "aws"]) === undefined) {
    throw new UserError(
      'There is no access key: the images of this stack are not on AWS, see "storage" in the settings.',
    );
  }
  return path;
}

function passwordCounter(settingsFile: SettingsFile, user: string | undefined): string[] {
  const users = (settingsFile.get(["users"]) ?? { moby: { generated: true } }) as Record<
    string,
    { generated?: boolean }
  >;
  const generated = Object.entries(users).flatMap(([name, given]) => (given.generated ? [name] : []));
  if (user === undefined || !generated.includes(user)) {
    throw new UserError(
      `Name a user with a generated password: ${listNames(generated) || "there is none"}. Other passwords: ${typed("set-password", "NAME")}`,
    );
  }
  return ["users", user, "generation"];
}
