import { join } from "node:path";
import { execa } from "execa";
import { assumeDockerVariable } from "../../stacks/assume-docker.ts";
import { interruptSignal } from "../interrupt-signal.ts";
import type { PulumiCli } from "../prerequisites/pulumi-cli.ts";
import { digestFromEvents } from "../preview/digest-from-events.ts";
import { StackFile } from "../stack-file.ts";
import { UserError } from "../user-error.ts";
import type { Engine, EngineContext, PolicyPackOption, PreviewOptions } from "./engine.ts";
import { keepSettingsFile } from "./keep-settings-file.ts";
import { recordedResources } from "./recorded-resources.ts";

const noSuchStack = /no stack named/;

/** The Pulumi CLI as the engine. */
export function pulumiEngine(context: EngineContext, { path, version }: PulumiCli): Engine {
  const env = { ...context.environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const options = { cwd: context.project, env, reject: false, stdin: "ignore" } as const;
  const stack = ["--stack", context.stack, "--non-interactive"];

  /**
   * Runs with the terminal. The CLI finishes the running steps and saves at the first SIGINT, and stops at once at the second signal
   * of any kind: in a process group of its own it gets one for each Ctrl-C, however the terminal and the launcher spread it.
   */
  const run = async (
    args: string[],
    variables: Record<string, string> = {},
    write?: (text: string) => void,
  ): Promise<number> => {
    const stdout = write ? "pipe" : context.quiet ? process.stderr : "inherit";
    const streams = { stdout, stderr: "inherit", detached: true, buffer: false } as const;
    const cli = execa(path, args, { ...options, ...streams, env: { ...env, ...variables } });
    if (write) cli.stdout?.setEncoding("utf8").on("data", write);
    const interrupt = () => cli.kill("SIGINT");
    const interrupted = interruptSignal();
    interrupted.addEventListener("abort", interrupt);
    // After a second Ctrl-C.
    process.once("exit", interrupt);
    const { exitCode } = await cli;
    interrupted.removeEventListener("abort", interrupt);
    process.removeListener("exit", interrupt);
    return interrupted.aborted ? 130 : (exitCode ?? 1);
  };
  // Selecting it lets a user go on with plain "pulumi up".
  const { select = true } = context;
  const ensureStack = async (): Promise<number> => {
    const known = await execa(path, ["stack", ...(select ? ["select"] : []), ...stack], options);
    if (known.exitCode === 0) return 0;
    const init = ["stack", "init", context.stack, "--non-interactive", ...(select ? [] : ["--no-select"])];
    const made = await execa(path, init, options);
    if (made.exitCode !== 0) process.stderr.write(`${made.stderr}\n`);
    return made.exitCode ?? 1;
  };
  const settingsFile = StackFile.pathOf(context.stack, join(context.project, "stacks"));
  const onStack = (...command: Parameters<typeof run>): Promise<number> =>
    keepSettingsFile(settingsFile, async () => (await ensureStack()) || (await run(...command)));

  return {
    description: `Pulumi CLI ${version} (${path})`,
    async preview(options) {
      const code = await onStack(["preview", ...stack, ...previewArguments(options)], previewEnvironment(options));
      // The CLI has a code of its own for changes that were not expected.
      return options.expectNoChanges && code !== 130 ? Math.min(code, 1) : code;
    },
    async plan(options) {
      const env = { ...previewEnvironment(options), PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
      let printed = "";
      const write = (text: string) => {
        printed += text;
      };
      const exitCode = await onStack(["preview", ...stack, "--json", ...previewArguments(options)], env, write);
      return { digest: digestFromEvents(printed), exitCode: exitCode === 130 ? 130 : Math.min(exitCode, 1) };
    },
    // A node that can't be reached keeps no other one from being done; the own engine does the same.
    up: (packs = []) => onStack(["up", ...stack, "--yes", "--continue-on-error", ...packArguments(packs)]),
    refresh: () => onStack(["refresh", ...stack, "--yes"]),
    destroy: () => onStack(["destroy", ...stack, "--yes"]),
    async resources() {
      const result = await execa(path, ["stack", "export", "--stack", context.stack], options);
      if (result.exitCode !== 0) {
        if (noSuchStack.test(result.stderr)) return [];
        throw new UserError(result.stderr.trim() || `pulumi stack export ended with exit code ${result.exitCode}`);
      }
      return recordedResources((JSON.parse(result.stdout) as { deployment: object }).deployment);
    },
    async remove() {
      const args = ["stack", "rm", "--yes", "--preserve-config", "--remove-backups", ...stack];
      const result = await execa(path, args, options);
      if (result.exitCode !== 0 && !noSuchStack.test(result.stderr)) {
        process.stderr.write(`${result.stderr}\n`);
        return result.exitCode ?? 1;
      }
      const environment: NodeJS.ProcessEnv = { ...process.env, ...env };
      // The CLI leaves the last copy of the state in a folder (seen with 3.260).
      if (environment.PULUMI_BACKEND_URL?.startsWith("file://")) {
        const { removeStack } = await import("../../engine/remove-stack.ts");
        await removeStack({ projectDirectory: context.project, stack: context.stack, environment }, () => {});
      }
      return 0;
    },
    async outputs() {
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
