import { ConsoleDisplay } from "../../engine/display/console-display.ts";
import { paintFor } from "../../engine/display/paint.ts";
import { openStack } from "../../engine/open-stack.ts";
import type { OperationKind, Result } from "../../engine/operation.ts";
import { runOperation } from "../../engine/operation.ts";
import { removeStack } from "../../engine/remove-stack.ts";
import { readOutputs } from "../../engine/stack-outputs.ts";
import { interruptSignal } from "../interrupt-signal.ts";
import { UserError } from "../user-error.ts";
import type { Engine, EngineContext, StackResource } from "./engine.ts";

/** The kit's own engine, for machines without the Pulumi CLI. */
export function ownEngine(context: EngineContext, reason: string): Engine {
  const stack = {
    projectDirectory: context.project,
    stack: context.stack,
    environment: { ...process.env, ...context.environment },
  };
  const stream = context.quiet ? process.stderr : process.stdout;

  const run = async (
    kind: OperationKind,
    options: { preview?: boolean; expectNoChanges?: boolean } = {},
  ): Promise<Result> => {
    const preview = kind === "preview" || options.preview === true;
    const lines: string[] = [];
    // A preview before a change speaks up only when it fails.
    const write = options.preview ? (line: string) => lines.push(line) : (line: string) => stream.write(`${line}\n`);
    const display = new ConsoleDisplay({
      preview,
      diff: kind === "preview",
      paint: paintFor(stream, process.env),
      write,
    });
    const operation = { ...stack, ...options, kind, display, signal: interruptSignal() };
    // What it throws (a locked stack, a wrong passphrase) says what to do: no stack trace.
    const result = await runOperation(operation).catch((error: Error) => {
      throw new UserError(error.message);
    });
    if (result.exitCode !== 0) for (const line of lines) stream.write(`${line}\n`);
    return result;
  };

  return {
    description: `the kit's own (${reason})`,
    preview: async ({ expectNoChanges }) => (await run("preview", { expectNoChanges })).exitCode,
    async plan({ expectNoChanges }) {
      const { exitCode, steps } = await run("preview", { preview: true, expectNoChanges });
      const digest = steps.map(({ urn, operation: op, changed: diffReasons }) => ({ urn, op, diffReasons }));
      return { exitCode, digest: { steps: digest } };
    },
    async up() {
      // Whatever a preview can find wrong is found before anything is touched.
      const preview = await run("up", { preview: true });
      return preview.exitCode || (await run("up")).exitCode;
    },
    refresh: async () => (await run("refresh")).exitCode,
    destroy: async () => (await run("destroy")).exitCode,
    resources: async () => ((await openStack(stack)).encrypted?.resources ?? []) as StackResource[],
    async remove() {
      await removeStack(stack, (message) => stream.write(`${message}\n`)).catch((error: Error) => {
        throw new UserError(error.message);
      });
      return 0;
    },
    async outputs() {
      try {
        const outputs = await readOutputs({ ...stack, showSecrets: true });
        return Object.keys(outputs).length > 0 ? outputs : undefined;
      } catch (error) {
        if (/^There is no stack/.test((error as Error).message)) return undefined;
        throw new UserError((error as Error).message);
      }
    },
  };
}
