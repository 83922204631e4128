import { ifFailed } from "../../engine/display/if-failed.ts";
import { JsonDisplay } from "../../engine/display/json-display.ts";
import { runOperation } from "../../engine/operation/operation.ts";
import type { OperationKind, OperationOptions } from "../../engine/operation/operation-options.ts";
import type { PolicyReport } from "../../engine/reporting/policy-report.ts";
import type { Result } from "../../engine/reporting/result.ts";
import { openStack } from "../../engine/stack/open-stack.ts";
import { readOutputs } from "../../engine/stack/read-outputs.ts";
import { removeStack } from "../../engine/stack/remove-stack.ts";
import { backendFolder } from "../../engine/state/backend.ts";
import { assumeDockerVariable } from "../../stacks/docker-host/assume-docker.ts";
import type { PreviewDigest } from "../preview/preview-digest.ts";
import { interruptSignal } from "../terminal/interrupt-signal.ts";
import { withProgress } from "../terminal/progress.ts";
import { report } from "../terminal/terminal.ts";
import { UserError } from "../terminal/user-error.ts";
import { both } from "./both.ts";
import { displayFor } from "./display-for.ts";
import { doing } from "./doing.ts";
import type { Engine, EngineContext, PreviewOptions } from "./engine.ts";
import { recordedResources } from "./recorded-resources.ts";

/** The built-in engine, for machines without the Pulumi CLI. */
export function builtinEngine(context: EngineContext, reason: string): Engine {
  const stack = {
    projectDirectory: context.project,
    stack: context.stack,
    // What a command has learned since: see `shareRootShell`.
    get environment() {
      return { ...process.env, ...context.environment };
    },
  };
  // Before Docker is looked for or installed: a backend that this engine cannot use is refused.
  if (stack.environment.PULUMI_BACKEND_URL) backendFolder(stack.environment.PULUMI_BACKEND_URL);
  const json = context.quiet;

  const run = async (
    kind: OperationKind,
    options: Partial<OperationOptions> & { purges?: boolean } = {},
  ): Promise<Result> => {
    const { purges, ...given } = options;
    const display = displayFor({ kind, json, ...(purges && { purges }) });
    const operation = { ...stack, display, ...given, kind, signal: interruptSignal() };
    // What it throws (a locked stack, a wrong passphrase) says what to do: no stack trace.
    return await withProgress(doing[kind], () => runOperation(operation)).catch(toUserError);
  };

  return {
    isCli: false,
    description: `built-in (${reason})`,
    async preview(options) {
      let document = "";
      const found = new JsonDisplay((text) => {
        document = text;
      });
      const display = both(displayFor({ kind: "preview", json }), found);
      const { exitCode } = await run("preview", { ...previewOperation(options, stack.environment), display });
      if (exitCode === 0) options.found?.(digestOf(JSON.parse(document)));
      return exitCode;
    },
    async plan(options) {
      let document = "";
      const display = new JsonDisplay((text) => {
        document += text;
      });
      const { exitCode } = await run("preview", { ...previewOperation(options, stack.environment), display });
      return { exitCode, digest: digestOf(JSON.parse(document)) };
    },
    async up({ packs: policyPacks = [], agree } = {}) {
      let document = "";
      const found = new JsonDisplay((text) => {
        document = text;
      });
      // Whatever a preview can find wrong is found before anything is touched. It speaks up only when it fails.
      const display = both(ifFailed(displayFor({ kind: "up", json, preview: true })), found);
      const confirm = async () => (await agree?.(digestOf(JSON.parse(document)))) ?? true;
      return (await run("up", { policyPacks, previewFirst: { display, confirm, endIfUnchanged: true } })).exitCode;
    },
    refresh: async () => (await run("refresh")).exitCode,
    destroy: async (options) => (await run("destroy", options)).exitCode,
    resources: async () => recordedResources((await openStack(stack).catch(toUserError)).encrypted),
    async setSecret(path, value) {
      try {
        const { config, key } = await openStack(stack);
        const passphrase = await key();
        config.salt = passphrase.salt;
        config.setAt(path, value, passphrase);
        await config.write();
      } catch (error) {
        toUserError(error as Error);
      }
    },
    async remove() {
      await removeStack(stack, report).catch(toUserError);
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
