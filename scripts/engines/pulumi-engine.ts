import { join } from "node:path";
import { execa } from "execa";
import type { OperationKind } from "../../engine/operation/operation-options.ts";
import { assumeDockerVariable } from "../../stacks/docker-host/assume-docker.ts";
import type { PulumiCli } from "../machine/pulumi-cli.ts";
import { digestFromEvents } from "../preview/digest-from-events.ts";
import type { DigestStep } from "../preview/preview-digest.ts";
import { SettingsFile } from "../project/settings-file.ts";
import { interruptSignal } from "../terminal/interrupt-signal.ts";
import { addResult } from "../terminal/json-result.ts";
import { withProgress } from "../terminal/progress.ts";
import { complain, verbosity } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";
import { displayFor } from "./display-for.ts";
import { doing } from "./doing.ts";
import type { Engine, EngineContext, Plan, PolicyPackOption, PreviewOptions } from "./engine.ts";
import { ensureDockerPlugin } from "./ensure-docker-plugin.ts";
import { keepSettingsFile } from "./keep-settings-file.ts";
import type { ExportedDeployment } from "./pending-creates.ts";
import { recordedResources } from "./recorded-resources.ts";
import { saysNothingChanged } from "./says-nothing-changed.ts";
import { EventView } from "./show-events.ts";

const noSuchStack = /no stack named/;

/** The Pulumi CLI as the engine. */
export function pulumiEngine(context: EngineContext, cli: PulumiCli): Engine {
  const { path, version } = cli;
  const env = { ...context.environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const options = { cwd: context.project, env, reject: false, stdin: "ignore" } as const;
  const stack = ["--stack", context.stack, "--non-interactive"];

  /**
   * Runs it to its end and returns its exit code. The CLI finishes the running steps and saves at the first SIGINT, and stops at once
   * at the second signal of any kind: in a process group of its own it gets one for each Ctrl-C, however the terminal and the launcher
   * spread it. It writes into pipes: a terminal that goes away would end it in the middle.
   */
  const run = async (
    args: string[],
    variables: Record<string, string> = {},
    write: (text: string) => void = (text) => void (context.quiet ? process.stderr : process.stdout).write(text),
  ): Promise<number> => {
    const streams = { stdout: "pipe", stderr: "pipe", detached: true, buffer: false } as const;
    const child = execa(path, args, { ...options, ...streams, env: { ...env, ...variables } });
    child.stdout.setEncoding("utf8").on("data", write);
    child.stderr.setEncoding("utf8").on("data", (text: string) => complain(text.trimEnd()));
    const interrupt = () => child.kill("SIGINT");
    const interrupted = interruptSignal();
    interrupted.addEventListener("abort", interrupt);
    // After a second Ctrl-C.
    process.once("exit", interrupt);
    const { exitCode } = await child;
    interrupted.removeEventListener("abort", interrupt);
    process.removeListener("exit", interrupt);
    return interrupted.aborted ? 130 : (exitCode ?? 1);
  };
  /** The built-in engine may have been killed: the CLI would read a state without what that run made. */
  const merge = async () => {
    const environment: NodeJS.ProcessEnv = { ...process.env, ...env };
    if (!(environment.PULUMI_BACKEND_URL ?? "file://").startsWith("file://")) return;
    const { mergeStack } = await import("../../engine/stack/merge-stack.ts");
    const place = { projectDirectory: context.project, stack: context.stack, environment };
    const warn = (message: string) => void process.stderr.write(`${message}\n`);
    await mergeStack(place, warn).catch((error: Error) => {
      throw new UserError(error.message);
    });
  };
  let merged: Promise<void> | undefined;
  const mergeOnce = () => {
    merged ??= merge();
    return merged;
  };
  // Selecting it lets a user go on with plain "pulumi up".
  const { select = true } = context;
  const ensureStack = async (): Promise<number> => {
    await mergeOnce();
    const known = await execa(path, ["stack", ...(select ? ["select"] : []), ...stack], options);
    if (known.exitCode === 0) return 0;
    const init = ["stack", "init", context.stack, "--non-interactive", ...(select ? [] : ["--no-select"])];
    const made = await execa(path, init, options);
    if (made.exitCode !== 0) process.stderr.write(`${made.stderr}\n`);
    return made.exitCode ?? 1;
  };
  const settingsFile = SettingsFile.pathOf(context.stack, join(context.project, "stacks"));
  const onStack = (...command: Parameters<typeof run>): Promise<number> =>
    keepSettingsFile(settingsFile, async () => {
      await ensureDockerPlugin(cli, { cwd: context.project, env });
      return (await ensureStack()) || (await run(...command));
    });

  /** Shows it step by step as the CLI does with --verbose, else as the built-in engine does. */
  const change = (kind: OperationKind, args: string[], purges = false): Promise<number> =>
    withProgress(doing[kind], async () => {
      const command = [kind, ...stack, "--yes", ...args];
      if (verbosity() === "verbose" && !context.quiet) {
        const colour = process.stdout.isTTY ? ["--color", "always"] : [];
        return await onStack([...command, "--suppress-outputs", ...colour]);
      }
      const view = new EventView(displayFor({ kind, json: context.quiet, purges }));
      const code = await onStack([...command, "--json"], {}, (text) => view.take(text));
      view.end(code);
      return code;
    });

  /** When the last run that was not killed ended, in milliseconds; 0: there was none. */
  const lastEnd = async (): Promise<number> => {
    const { stdout, exitCode } = await execa(
      path,
      ["stack", "history", "--json", "--page-size", "1", "--stack", context.stack],
      options,
    );
    if (exitCode !== 0) return 0;
    const [last] = JSON.parse(stdout) as { endTime?: string }[];
    return Date.parse(last?.endTime ?? "") || 0;
  };

  /** Settles what a killed CLI left pending. */
  const settle = async (): Promise<void> => {
    const exported = await execa(path, ["stack", "export", "--show-secrets", "--stack", context.stack], options);
    if (exported.exitCode !== 0) return; // the refresh says why
    const document = JSON.parse(exported.stdout) as { deployment: ExportedDeployment };
    if (!document.deployment.pending_operations?.length) return;
    const { settlePendingCreates } = await import("./pending-creates.ts");
    const deployment = await settlePendingCreates(document.deployment, { after: await lastEnd(), log: complain });
    if (!deployment) return;
    const input = JSON.stringify({ ...document, deployment });
    const imported = await execa(path, ["stack", "import", ...stack], { ...options, stdin: "pipe", input });
    if (imported.exitCode !== 0) throw new UserError(imported.stderr.trim());
  };

  const plan = async (given: PreviewOptions): Promise<Plan> => {
    const env = { ...previewEnvironment(given), PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
    let printed = "";
    const write = (text: string) => {
      printed += text;
    };
    const exitCode = await onStack(["preview", ...stack, "--json", ...previewArguments(given)], env, write);
    return { digest: digestFromEvents(printed), exitCode: exitCode === 130 ? 130 : Math.min(exitCode, 1) };
  };

  return {
    isCli: true,
    description: `Pulumi CLI ${version} (${path})`,
    async preview(options) {
      const code = await onStack(["preview", ...stack, ...previewArguments(options)], previewEnvironment(options));
      // The CLI has a code of its own for changes that were not expected.
      return options.expectNoChanges && code !== 130 ? Math.min(code, 1) : code;
    },
    plan: (options) => withProgress(doing.preview, () => plan(options)),
    async up({ packs = [], agree } = {}) {
      const { digest, exitCode } = await withProgress(doing.up, () => plan({ expectNoChanges: false, packs }));
      if (exitCode !== 0) {
        for (const { severity, message } of digest.diagnostics) if (severity !== "info") complain(message);
        const errors = digest.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
        addResult({ changes: [], errors });
        if (!errors.some(saysNothingChanged)) complain("Nothing was changed.");
        return exitCode;
      }
      const isChange = ({ op }: DigestStep) => !["same", "read", "refresh"].includes(op);
      if (agree && digest.steps.some(isChange) && !(await agree(digest))) return 1;
      // A node that can't be reached keeps no other one from being done; the built-in engine does the same.
      return await change("up", ["--skip-preview", "--continue-on-error", ...packArguments(packs)]);
    },
    async refresh() {
      await settle();
      return await change("refresh", ["--skip-preview"]);
    },
    async destroy({ purges } = { purges: false }) {
      await settle();
      return await change("destroy", ["--skip-preview"], purges);
    },
    async resources() {
      await mergeOnce();
      const result = await execa(path, ["stack", "export", "--stack", context.stack], options);
      if (result.exitCode !== 0) {
        if (noSuchStack.test(result.stderr)) return [];
        throw new UserError(result.stderr.trim() || `pulumi stack export ended with exit code ${result.exitCode}`);
      }
      return recordedResources((JSON.parse(result.stdout) as { deployment: object }).deployment);
    },
    async setSecret(setting, value) {
      const args = ["config", "set", "--secret", "--path", setting, ...stack];
      const code = await ensureStack();
      const result =
        code === 0 ? await execa(path, args, { cwd: context.project, env, reject: false, input: value }) : undefined;
      if (result?.exitCode !== 0)
        throw new UserError(`The Pulumi CLI did not set it. ${result?.stderr.trim() ?? ""}`.trim());
    },
    async remove() {
      await mergeOnce();
      const args = ["stack", "rm", "--yes", "--preserve-config", "--remove-backups", ...stack];
      const result = await execa(path, args, options);
      if (result.exitCode !== 0 && !noSuchStack.test(result.stderr)) {
        process.stderr.write(`${result.stderr}\n`);
        return result.exitCode ?? 1;
      }
      const environment: NodeJS.ProcessEnv = { ...process.env, ...env };
      // The CLI leaves the last copy of the state in a folder (seen with 3.260).
      if (environment.PULUMI_BACKEND_URL?.startsWith("file://")) {
        const { removeStack } = await import("../../engine/stack/remove-stack.ts");
        await removeStack({ projectDirectory: context.project, stack: context.stack, environment }, () => {});
      }
      return 0;
    },
    async outputs() {
      await mergeOnce();
      const result = await execa(path, ["stack", "output", "--json", "--show-secrets", ...stack], options);
      if (result.exitCode !== 0) {
        if (noSuchStack.test(result.stderr)) return undefined;
        throw new Error(result.stderr.trim() || `pulumi stack output ended with exit code ${result.exitCode}`);
      }
      const outputs = JSON.parse(result.stdout) as Record<string, unknown>;
      return Object.keys(outputs).length > 0 ? outputs : undefined;
    },
  };
}

function previewArguments({ expectNoChanges, refresh = false, packs = [] }: PreviewOptions): string[] {
  return [
    ...(expectNoChanges ? ["--expect-no-changes"] : []),
    ...(refresh ? ["--refresh"] : []),
    ...packArguments(packs),
  ];
}

/** The CLI pairs packs and configurations by their place. */
function packArguments(packs: PolicyPackOption[]): string[] {
  return packs.flatMap(({ path, config }) => [
    "--policy-pack",
    path,
    ...(config ? ["--policy-pack-config", config] : []),
  ]);
}

function previewEnvironment({ assumeDocker }: PreviewOptions): Record<string, string> {
  return assumeDocker ? { [assumeDockerVariable]: "true" } : {};
}
