import { execa } from "execa";
import { interruptSignal } from "../interrupt-signal.ts";
import type { PulumiCli } from "../prerequisites/pulumi-cli.ts";
import type { Engine, EngineContext, PreviewOptions } from "./engine.ts";

/** The Pulumi CLI as the engine. */
export function pulumiEngine(context: EngineContext, { path, version }: PulumiCli): Engine {
  const env = { ...context.environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const options = { cwd: context.project, env, reject: false, stdin: "ignore" } as const;
  const stack = ["--stack", context.stack, "--non-interactive"];

  /**
   * Runs with the terminal. The CLI finishes the running steps and saves at the first SIGINT, and stops at once at the second signal
   * of any kind: in a process group of its own it gets one for each Ctrl-C, however the terminal and the launcher spread it.
   */
  const run = async (args: string[]): Promise<number> => {
    const stdout = context.quiet ? process.stderr : "inherit";
    const cli = execa(path, args, { ...options, stdout, stderr: "inherit", detached: true });
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
  const ensureStack = async (): Promise<number> => {
    const known = await execa(path, ["stack", "select", ...stack], options);
    if (known.exitCode === 0) return 0;
    const made = await execa(path, ["stack", "init", context.stack, "--non-interactive"], options);
    if (made.exitCode !== 0) process.stderr.write(`${made.stderr}\n`);
    return made.exitCode ?? 1;
  };
  const onStack = async (args: string[]): Promise<number> => (await ensureStack()) || (await run(args));

  return {
    description: `Pulumi CLI ${version} (${path})`,
    preview: ({ expectNoChanges }: PreviewOptions) =>
      onStack(["preview", ...stack, ...(expectNoChanges ? ["--expect-no-changes"] : [])]),
    // A node that can't be reached keeps no other one from being done; the own engine does the same.
    up: () => onStack(["up", ...stack, "--yes", "--continue-on-error"]),
    refresh: () => onStack(["refresh", ...stack, "--yes"]),
    destroy: () => onStack(["destroy", ...stack, "--yes"]),
    async outputs() {
      const result = await execa(path, ["stack", "output", "--json", "--show-secrets", ...stack], options);
      if (result.exitCode !== 0) {
        if (/no stack named/.test(result.stderr)) return undefined;
        throw new Error(result.stderr.trim() || `pulumi stack output ended with exit code ${result.exitCode}`);
      }
      const outputs = JSON.parse(result.stdout) as Record<string, unknown>;
      return Object.keys(outputs).length > 0 ? outputs : undefined;
    },
  };
}
