import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { ConsoleDisplay } from "../display/console-display.ts";
import type { Display } from "../display/display.ts";
import { ifFailed } from "../display/if-failed.ts";
import { JsonDisplay } from "../display/json-display.ts";
import { paintFor } from "../display/paint.ts";
import { runOperation } from "../operation/operation.ts";
import type { OperationKind, OperationOptions, PreviewFirst } from "../operation/operation-options.ts";
import type { CommonOptions } from "./common-options.ts";

export interface ChangeOptions extends CommonOptions {
  diff: boolean;
  json: boolean;
  expectNoChanges: boolean;
  parallel?: number;
  refresh?: boolean;
  policyPack?: string[];
  policyPackConfig?: string[];
  nonInteractive: boolean;
  yes?: boolean;
  skipPreview?: boolean;
  previewOnly?: boolean;
}

/** preview, up, refresh, destroy. @returns the exit code. */
export async function changeCommand(kind: OperationKind, options: ChangeOptions): Promise<number> {
  const { stack, cwd, parallel, expectNoChanges, policyPack = [], policyPackConfig = [] } = options;
  const interactive = process.stdin.isTTY === true && !options.nonInteractive && !options.json;
  const previewOnly = kind === "preview" || options.previewOnly === true;
  if (!previewOnly && !options.yes && !interactive)
    throw new Error(
      `--yes must be passed to ${kind} without a terminal. To see what it would do, pass --preview-only.`,
    );
  const operation = (preview: boolean): OperationOptions => ({
    kind,
    preview,
    projectDirectory: cwd,
    stack,
    signal: interruptSignal(),
    display: displayFor(options, preview, kind),
    expectNoChanges,
    refresh: options.refresh === true,
    policyPacks: policyPack.map((path, i) => ({ path, config: policyPackConfig[i] })),
    ...(parallel !== undefined && { parallel }),
  });
  if (previewOnly) return (await runOperation(operation(true))).exitCode;
  // What a whole stack must keep is known only once all of it has been registered: before that, nothing may be touched.
  const judged = policyPack.length > 0;
  const previews = !options.skipPreview && (judged || (!options.json && (interactive || !options.yes)));
  const previewFirst: PreviewFirst = {
    display: options.json ? ifFailed(displayFor(options, true, kind)) : displayFor(options, true, kind),
    confirm: async () => options.yes === true || (await confirm(kind)),
  };
  return (await runOperation({ ...operation(false), ...(previews && { previewFirst }) })).exitCode;
}

let interrupts: AbortController | undefined;

/** Aborts at the first Ctrl-C (or SIGTERM); the second one ends the process at once. */
function interruptSignal(): AbortSignal {
  if (interrupts) return interrupts.signal;
  const controller = new AbortController();
  interrupts = controller;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      console.error("\nStopping: steps under way are finished and saved. Ctrl-C again stops at once.");
      controller.abort();
    });
  return controller.signal;
}

function displayFor({ json, diff }: ChangeOptions, preview: boolean, kind: OperationKind): Display {
  const write = (line: string) => console.log(line);
  if (json) return new JsonDisplay(write);
  const refresh = kind === "refresh";
  return new ConsoleDisplay({ preview, diff, refresh, paint: paintFor(process.stdout, process.env), write });
}

async function confirm(kind: OperationKind): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  // A terminal that goes away answers nothing, and the stack must not stay locked for it.
  const gone = once(reader, "close").then(() => "");
  try {
    const question = `Do you want to perform this ${kind}? (yes/no) `;
    const answer = await Promise.race([reader.question(question, { signal: interruptSignal() }), gone]);
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false; // interrupted
  } finally {
    reader.close();
  }
}
