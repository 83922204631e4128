import { join } from "node:path";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { shellWord } from "../../lib/processes/shell-word.ts";
import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import type { Engine, UpOptions } from "../engines/engine.ts";
import { agreeToUpdate } from "../preview/agree-to-update.ts";
import { holdToPlan } from "../preview/update-plan.ts";
import { projectRoot } from "../project/project-root.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { verifyStack } from "../proof/verify-stack.ts";
import { type Deployment, readDeployment } from "../session/deployment.ts";
import type { PolicyOptions } from "../session/policy-options.ts";
import { packsOf, withPolicyOptions } from "../session/policy-options.ts";
import { askForRootRights, filesToMake } from "../session/root-rights.ts";
import { openSession } from "../session/session.ts";
import { explainFailedService } from "../status/explain-failed-service.ts";
import { formatPlace, formatUsage } from "../status/format-usage.ts";
import { missingObjects } from "../status/missing-objects.ts";
import { wakeContainers } from "../status/wake-containers.ts";
import { PurgeRecordFile } from "../teardown/purge-record.ts";
import { addResult } from "../terminal/json-result.ts";
import { report, show, verbosity } from "../terminal/terminal.ts";
import { deriveStack, moveToFreePort } from "../throw-away/derive-stack.ts";
import { isPortTaken } from "../throw-away/free-port.ts";

interface Options extends CommonOptions, PolicyOptions {
  verify: boolean;
  yes: boolean;
  /** Stack to derive a throw-away one from. */
  from?: string;
  plan?: string;
}

/** The preview refuses what it could not write: the rights come first, and the question about the changes after it. */
const beforePreview =
  'The preview needs to know whether it may. "up" then shows all changes and asks, before anything is touched.';

/** How often a port is chosen again that another program took first. */
const retries = 3;

const definition = withPolicyOptions(
  command("up", "Creates what is missing, deploys a stack, tests it, and says how to use it."),
)
  .option("-y, --yes", "confirm in advance: show what changes, and do not ask", false)
  .option("--no-verify", "leave out the proof")
  .option("--plan <file>", "do no more than what preview --save-plan saved")
  .option(
    "--from <stack>",
    "create --stack as a throw-away stack with this stack's settings, and its own names, port and volume",
  );

await main<Options>(definition, async (options) => {
  addResult({ stack: options.stack });
  const { stack, from } = options;
  let choseItsPort = false;
  const make = async (engine: Engine) => {
    choseItsPort = await deriveStack(stack, from ?? "", engine);
  };
  const derive = from === undefined ? undefined : { from, make };
  const { engine, settingsFile, directUse } = await openSession(options, { deploys: true, derive });
  // Before the plan is compared: what is made again is more than was planned.
  const looked = await refreshWhatIsGone(engine, settingsFile);
  if (looked !== 0) return looked;
  const planned = options.plan === undefined ? 0 : await checkPlan(engine, stack, options.plan);
  if (planned !== 0) return planned;
  let changed = false;
  const agree: UpOptions["agree"] = async (digest) => {
    changed = true;
    return await agreeToUpdate(digest, options);
  };
  const what = { packs: packsOf(options), agree };
  const code = await withRootRights(settingsFile, options, () =>
    choseItsPort ? upOnFreePort(engine, stack, what) : engine.up(what),
  );
  if (code !== 0) {
    await explainFailedService(settingsFile, stack);
    return code;
  }
  new PurgeRecordFile(stack).remove();
  const deployed = await readDeployment(engine, stack);
  await wakeContainers(dockerClient(settingsFile.early().docker), await engine.resources());
  const verified = options.verify ? await verifyStack(deployed, settingsFile.early().docker, options.json, "short") : 0;
  const shell = engine.isCli || verbosity() === "verbose" ? [...directUse, ...ownNode()] : [];
  const usage = changed ? formatUsage(deployed, stack, shell) : formatPlace(deployed);
  if (options.json) addResult(partsOf(deployed));
  else for (const line of usage) show(line);
  return verified;
});

/** The rights end with the work: neither the proof nor its `docker login` has them. */
async function withRootRights(
  settingsFile: SettingsFile,
  { yes }: Options,
  work: () => Promise<number>,
): Promise<number> {
  await using _ = await askForRootRights(filesToMake(settingsFile), yes, beforePreview);
  return await work();
}

/** An engine knows of what somebody removed or stopped only after a refresh; then `up` makes it again. @returns the exit code */
async function refreshWhatIsGone(engine: Engine, settingsFile: SettingsFile): Promise<number> {
  const resources = await engine.resources();
  const gone = await missingObjects(dockerClient(settingsFile.early().docker), resources);
  // The built-in engine looks for what a killed run had begun at every run, the CLI at none.
  const begun = engine.isCli ? resources.filter((resource) => resource.begun) : [];
  if (gone.length + begun.length === 0) return 0;
  for (const line of gone) report(`Found: ${line}.`);
  for (const { urn } of begun) report(`Found: a killed run had begun to make ${urn.split("::").at(-1)}.`);
  report("The state is out of date: refreshing it first.");
  return await engine.refresh();
}

function partsOf({ registry, caches }: Deployment): Record<string, unknown> {
  return {
    ...(registry && { registry: { url: registry.url, users: registry.userNames } }),
    ...(caches.length > 0 && { caches: caches.map(({ name, url, upstream }) => ({ name, url, upstream })) }),
  };
}

/** Plain `pulumi` finds the kit's Node where the machine's is too old. */
function ownNode(): string[] {
  const folder = join(projectRoot, "node_modules");
  return process.execPath.startsWith(folder) ? [`export PATH=${shellWord(join(folder, ".bin"))}:"$PATH"`] : [];
}

/** @throws {UserError} if there is more to do than was planned */
async function checkPlan(engine: Engine, stack: string, file: string): Promise<number> {
  const { digest, exitCode } = await engine.plan({ expectNoChanges: false });
  // A preview that people can read says what is wrong.
  if (exitCode !== 0) return (await engine.preview({ expectNoChanges: false })) || exitCode;
  holdToPlan(file, { stack, settings: new SettingsFile(stack).digest(), steps: digest.steps });
  return 0;
}

/** Nothing reserves a port but the registry itself: where somebody was faster, another one will do. */
async function upOnFreePort(engine: Engine, stack: string, what: UpOptions): Promise<number> {
  for (let left = retries; ; left--) {
    const code = await engine.up(what);
    if (code === 0 || code === 130 || left === 0) return code;
    // Read again: the engine may have added to the file.
    const file = new SettingsFile(stack);
    const [name, port] = [String(file.get(["name"])), Number(file.get(["port"]))];
    if (!(await isPortTaken(port, name, file.early().docker))) return code;
    report(`Another program took port ${port} in the meantime: trying ${await moveToFreePort(file)}.`);
  }
}
