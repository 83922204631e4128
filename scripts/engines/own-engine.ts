import { ConsoleDisplay } from "../../engine/display/console-display.ts";
import type { Display } from "../../engine/display/display.ts";
import { ifFailed } from "../../engine/display/if-failed.ts";
import { JsonDisplay } from "../../engine/display/json-display.ts";
import { paintFor } from "../../engine/display/paint.ts";
import { openStack } from "../../engine/open-stack.ts";
import type { OperationKind, OperationOptions, Result } from "../../engine/operation.ts";
import { runOperation } from "../../engine/operation.ts";
import type { PolicyReport } from "../../engine/policy/policy-report.ts";
import { removeStack } from "../../engine/remove-stack.ts";
import { readOutputs } from "../../engine/stack-outputs.ts";
import { backendFolder } from "../../engine/state/backend.ts";
import { assumeDockerVariable } from "../../stacks/assume-docker.ts";
import { interruptSignal } from "../interrupt-signal.ts";
import type { PreviewDigest } from "../preview/preview-digest.ts";
import { UserError } from "../user-error.ts";
import type { Engine, EngineContext, PreviewOptions } from "./engine.ts";
import { recordedResources } from "./recorded-resources.ts";

/** The kit's own engine, for machines without the Pulumi CLI. */
export function ownEngine(context: EngineContext, reason: string): Engine {
  const stack = {
    projectDirectory: context.project,
    stack: context.stack,
    environment: { ...process.env, ...context.environment },
  };
  // Before Docker is looked for or installed: a backend that this engine cannot use is refused.
  if (stack.environment.PULUMI_BACKEND_URL) backendFolder(stack.environment.PULUMI_BACKEND_URL);
  const stream = context.quiet ? process.stderr : process.stdout;

  const displayOf = (options: { preview: boolean; diff: boolean }): Display =>
    new ConsoleDisplay({
      ...options,
      paint: paintFor(stream, process.env),
      write: (line) => void stream.write(`${line}\n`),
    });

  const run = async (kind: OperationKind, options: Partial<OperationOptions> = {}): Promise<Result> => {
    const preview = kind === "preview";
    const display = displayOf({ preview, diff: preview });
    const operation = { ...stack, display, ...options, kind, signal: interruptSignal() };
    // What it throws (a locked stack, a wrong passphrase) says what to do: no stack trace.
    return await runOperation(operation).catch(toUserError);
  };

  return {
    description: `the kit's own (${reason})`,
    preview: async (options) => (await run("preview", previewOperation(options, stack.environment))).exitCode,
    async plan(options) {
      let document = "";
      const display = new JsonDisplay((text) => {
        document += text;
      });
      const { exitCode } = await run("preview", { ...previewOperation(options, stack.environment), display });
      return { exitCode, digest: digestOf(JSON.parse(document)) };
    },
    async up(policyPacks = []) {
      // Whatever a preview can find wrong is found before anything is touched. It speaks up only when it fails.
      const display = ifFailed(displayOf({ preview: true, diff: false }));
      return (await run("up", { policyPacks, previewFirst: { display, endIfUnchanged: true } })).exitCode;
    },
    refresh: async () => (await run("refresh")).exitCode,
    destroy: async () => (await run("destroy")).exitCode,
    resources: async () => recordedResources((await openStack(stack).catch(toUserError)).encrypted),
    async remove() {
      await removeStack(stack, (message) => stream.write(`${message}\n`)).catch(toUserError);
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

function toUserError(error: Error): never {
  throw new UserError(error.message);
}

function previewOperation(
  { expectNoChanges, refresh = false, assumeDocker, packs = [] }: PreviewOptions,
  environment: NodeJS.ProcessEnv,
): Partial<OperationOptions> {
  const assumed = assumeDocker ? { environment: { ...environment, [assumeDockerVariable]: "true" } } : {};
  return { expectNoChanges, refresh, policyPacks: packs, ...assumed };
}

/** The engine's document has the CLI's form; only what its packs found is in another one. */
function digestOf(document: Omit<PreviewDigest, "policies" | "packs"> & { policies: PolicyReport[] }): PreviewDigest {
  return {
    ...document,
    packs: document.policies.map(({ name, version }) => `${name}@v${version.replace(/^v/, "")}`),
    policies: document.policies.flatMap(({ violations }) => violations),
  };
}
