import { writeFileSync } from "node:fs";
import type { CommonOptions } from "../command-line/command-line.ts";
import { command, main } from "../command-line/command-line.ts";
import type { Plan, PreviewOptions } from "../engines/engine.ts";
import type { PreviewDigest } from "../preview/preview-digest.ts";
import { headlineOf, renderSummary } from "../preview/render-summary.ts";
import { savePlan } from "../preview/update-plan.ts";
import { projectRoot } from "../project/project-root.ts";
import { SettingsFile } from "../project/settings-file.ts";
import type { PolicyOptions } from "../session/policy-options.ts";
import { packsOf, withPolicyOptions } from "../session/policy-options.ts";
import { openSession } from "../session/session.ts";
import { printResult } from "../terminal/json-result.ts";
import { columns, complain, show, verbosity } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";

interface Options extends CommonOptions, PolicyOptions {
  expectNoChanges: boolean;
  refresh: boolean;
  markdown?: string;
  savePlan?: string;
  assumeDocker?: boolean;
}

const definition = withPolicyOptions(command("preview", "Shows what up would do; touches nothing."))
  .option("--expect-no-changes", "exit code 1 when anything would change", false)
  .option("--refresh", "look first at what is really there: with --expect-no-changes, an alarm on drift", false)
  .option("--markdown <file>", "write a summary for a pull request")
  .option("--save-plan <file>", "save what is proposed, for up --plan; shows the summary")
  .option("--assume-docker", "go on where no Docker host answers (with --markdown: the default)")
  .option("--no-assume-docker", "never assume a Docker host");

await main<Options>(definition, async (options) => {
  const { expectNoChanges, refresh, markdown } = options;
  // What is really there is asked of Docker.
  const assumeDocker = options.assumeDocker ?? (markdown !== undefined && !refresh);
  await using standIn = assumeDocker ? await standInFor(options.stack) : undefined;
  if (standIn) process.env.DOCKER_HOST = standIn.host;
  const preview: PreviewOptions = { expectNoChanges, refresh, assumeDocker, packs: packsOf(options) };
  const { engine, settingsFile } = await openSession(options, { deploys: false, writes: false });
  const isForPeople = markdown === undefined && options.savePlan === undefined && !options.json;
  if (isForPeople && (!engine.isCli || verbosity() === "verbose")) {
    const found = (digest: PreviewDigest) => headlineOf(digest, columns()).forEach(show);
    return await engine.preview({ ...preview, found });
  }
  // One preview for both: of two, the second one may see something else than what was shown.
  const plan = await engine.plan(preview);
  if (isForPeople) showLines(plan, options);
  else await showSummary(plan, options);
  if (plan.exitCode === 0 && options.savePlan) save(options.savePlan, settingsFile, plan, options);
  return plan.exitCode;
});

function save(file: string, settings: SettingsFile, { digest: { steps } }: Plan, { stack }: Options): void {
  savePlan(file, { stack, settings: settings.digest(), steps });
}

/** Not for a Docker host that the settings name: the resources carry its address. The built-in engine needs none for it. */
async function standInFor(stack: string) {
  const { url, certPath } = new SettingsFile(stack).early().docker;
  const { dockerStandIn } = await import("../preview/docker-stand-in.ts");
  return url || certPath ? undefined : await dockerStandIn();
}

/** Shows in a few lines what the CLI found. */
function showLines(plan: Plan, { stack }: Options): void {
  const digest = told(plan);
  for (const { severity, message } of digest.diagnostics) if (severity !== "info") complain(message);
  if (plan.exitCode === 0 || digest.steps.length > 0) {
    for (const line of renderSummary(digest, { stack, columns: columns() })) show(line);
  }
}

/** Shows the summary, and writes it where that is asked for. */
async function showSummary(plan: Plan, { stack, refresh, json, markdown: file }: Options): Promise<void> {
  const digest = told(plan);
  const { renderMarkdown } = await import("../preview/render-markdown.ts");
  const { withoutLocalPaths } = await import("../preview/without-local-paths.ts");
  const summary = renderMarkdown(digest, { stack, refreshed: refresh, now: new Date() });
  const text = withoutLocalPaths(summary, projectRoot);
  try {
    if (file !== undefined) writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`Summary: ${(error as Error).message}`);
  }
  if (json) printResult({ ...digest, exitCode: plan.exitCode });
  else show(text.trimEnd());
}

/** An engine that could not even begin has told why on standard error. */
function told({ digest, exitCode }: Plan): PreviewDigest {
  if (exitCode === 0 || digest.steps.length > 0 || digest.diagnostics.length > 0) return digest;
  const message = "The preview did not begin: the log of this run says why.";
  return { ...digest, diagnostics: [{ severity: "error", message }] };
}
