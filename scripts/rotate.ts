import type { CommonOptions } from "./command-line.ts";
import { command, main } from "./command-line.ts";
import { explainFailedService } from "./explain-failed-service.ts";
import { openSession, report } from "./session.ts";
import { StackFile } from "./stack-file.ts";
import { readDeployment } from "./stack-outputs.ts";
import { UserError } from "./user-error.ts";
import { verifyStack } from "./verify-stack.ts";

/** What can be rotated -> the setting that counts it. */
const counters: Record<string, string[]> = {
  certificate: ["rotation", "certificate"],
  authority: ["rotation", "authority"],
  "http-secret": ["rotation", "httpSecret"],
  "storage-key": ["rotation", "storageKey"],
};

const definition = command(
  "rotate",
  "Makes a new certificate, authority, http.secret, access key for AWS or generated password, and deploys it.",
)
  .argument("<what>", `${Object.keys(counters).join(", ")} or password`)
  .argument("[user]", "for password: whose");

await main<CommonOptions>(definition, async (options, [what = "", user]) => {
  const path = counterOf(new StackFile(options.stack), what, user);
  const { engine, stackFile } = await openSession(options, { deploys: true });
  const next = Number(stackFile.get(path) ?? 1) + 1;
  if (user !== undefined && stackFile.get(["users", user]) === undefined) {
    stackFile.set(["users", user, "generated"], true);
  }
  stackFile.set(path, next);
  report(`Settings: ${path.join(".")} is now ${next} in stacks/Pulumi.${options.stack}.yaml`);
  const code = await engine.up();
  if (code !== 0) {
    await explainFailedService(stackFile, options.stack);
    return code;
  }
  return await verifyStack(await readDeployment(engine, options.stack), stackFile.early().docker, options.json);
});

/** @throws {UserError} where there is nothing to count: before anything is looked for or changed */
function counterOf(stackFile: StackFile, what: string, user: string | undefined): string[] {
  if (what === "password") return passwordCounter(stackFile, user);
  const path = Object.hasOwn(counters, what) ? counters[what] : undefined;
  if (!path) throw new UserError(`"${what}" can't be rotated. Allowed: ${Object.keys(counters).join(", ")}, password.`);
  if (user !== undefined) throw new UserError(`"rotate ${what}" takes no further argument, got "${user}".`);
  const ownCertificate = stackFile.get(["tls"]) === "none" || stackFile.get(["tls", "provided"]) !== undefined;
  if (["certificate", "authority"].includes(what) && ownCertificate) {
    throw new UserError(`There is no ${what} that the kit has issued: see "tls" in the settings.`);
  }
  if (what === "storage-key" && (stackFile.get(["storage", "aws", "identity"]) ?? "user") !== "user") {
    throw new UserError('There is no access key that the kit has made: see "storage.aws.identity" in the settings.');
  }
  if (what === "storage-key" && stackFile.get(["storage", "aws"]) === undefined) {
    throw new UserError(
      'There is no access key: the images of this stack are not on AWS, see "storage" in the settings.',
    );
  }
  return path;
}

function passwordCounter(stackFile: StackFile, user: string | undefined): string[] {
  const users = (stackFile.get(["users"]) ?? { moby: { generated: true } }) as Record<string, { generated?: boolean }>;
  const generated = Object.entries(users).flatMap(([name, given]) => (given.generated ? [name] : []));
  if (user === undefined || !generated.includes(user)) {
    throw new UserError(
      `Name a user with a generated password: ${generated.join(", ") || "there is none"}. Other passwords change in the settings.`,
    );
  }
  return ["users", user, "generation"];
}
