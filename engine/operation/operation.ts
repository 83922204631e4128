import type { Display } from "../display/display.ts";
import type { Operation, Step } from "../reporting/report.ts";
import type { Result, StepResult } from "../reporting/result.ts";
import { locateStack, openStack, type Stack } from "../stack/open-stack.ts";
import { maskSecrets, stackOutputs } from "../stack/read-outputs.ts";
import { type EngineSession, openEngineSession } from "./engine-session.ts";
import { limitMemory } from "./limit-memory.ts";
import type { OperationOptions, PreviewFirst } from "./operation-options.ts";
import { Run, type RunOptions } from "./run.ts";
import { RunLog } from "./run-log.ts";

/** What a pass has done, and what it has said. */
interface PassResult {
  result: Result;
  log: RunLog;
  unchanged: boolean;
}

const defaultParallel = 16;

/**
 * Runs one operation on a stack. With `previewFirst` the result is that of the preview where that fails or nobody wants to go on.
 * @throws where it cannot begin: no such project, a locked stack, a wrong passphrase, a state that is not
 * understood or cannot be written. Nothing was changed then. What fails later is in the result.
 */
export async function runOperation(options: OperationOptions): Promise<Result> {
  limitMemory();
  const place = await locateStack(options);
  const preview = options.preview === true || options.kind === "preview";
  if (!preview) await place.file.prepare();
  const lock = preview ? undefined : await place.file.lock((message) => options.display.message("warning", message));
  try {
    if (lock) {
      await place.file.removeDrafts();
      await place.file.merge();
    }
    const stack = await openStack(options, place);
    const { parallel = defaultParallel, limits, environment = process.env } = options;
    const session = await openEngineSession(stack, {
      validate: options.kind !== "destroy",
      parallel,
      limits,
      environment,
    });
    try {
      const { previewFirst, ...change } = options;
      const end = preview || !previewFirst ? undefined : await lookFirst(stack, session, change, previewFirst);
      return end ?? (await runPass(stack, session, { ...change, preview })).result;
    } finally {
      await session.close();
    }
  } finally {
    // What a run could not save at its end may be saved now; the lock stays where not.
    if (lock) await place.file.merge().catch(() => {});
    await lock?.release();
  }
}

/** The preview before a change; undefined: the change may begin, and nothing holds what the preview found any more. */
async function lookFirst(stack: Stack, session: EngineSession, change: OperationOptions, previewFirst: PreviewFirst) {
  const { display, confirm, endIfUnchanged } = previewFirst;
  const first = await runPass(stack, session, { ...change, preview: true, display, expectNoChanges: false });
  if (first.result.exitCode !== 0) return first.result;
  if (endIfUnchanged && first.unchanged) return show(first, change.display);
  const refused = confirm && first.result.steps.some(isChange) && !(await confirm(first.result));
  return refused ? { ...first.result, exitCode: 1 as const } : undefined;
}

async function runPass(stack: Stack, session: EngineSession, options: RunOptions): Promise<PassResult> {
  const begin = performance.now();
  const log = new RunLog(options.display);
  const run = new Run(stack, options, session, log);
  const { deployment, unchanged } = await run.execute();
  const { finishedSteps: finished, failedSteps: failed, errors } = log;
  const result: Result = {
    exitCode: options.signal?.aborted ? 130 : log.hasFailed ? 1 : 0,
    summary: countOperations(finished),
    steps: [...finished.map((step) => stepResult(step)), ...failed.map(({ step, error }) => stepResult(step, error))],
    outputs: maskSecrets(stackOutputs(deployment.resources)),
    seconds: (performance.now() - begin) / 1000,
    policies: await run.policies(),
    errors: [...errors, ...failed.map(({ step, error }) => `${step.urn}: ${error}`)],
  };
  if (options.expectNoChanges && result.exitCode === 0 && finished.some(isChange)) {
    result.exitCode = 1;
    result.errors.push(`no changes were expected but changes ${options.preview ? "were proposed" : "occurred"}`);
  }
  log.end();
  options.display.ended(result, finished);
  return { result, log, unchanged };
}

/** Shows what a pass said and found as the end of the operation. */
function show({ result, log }: PassResult, display: Display): Result {
  for (const { severity, text, urn } of log.messages) display.message(severity, text, urn);
  display.ended(result, log.finishedSteps);
  return result;
}

/** Whether a step changes anything, in the world or in what the state says of it. */
export function isChange({ operation }: { operation: Operation }): boolean {
  return operation !== "same" && operation !== "read";
}

function countOperations(steps: Step[]): Result["summary"] {
  const counts: Result["summary"] = {};
  for (const { operation, leftover } of steps) if (!leftover) counts[operation] = (counts[operation] ?? 0) + 1; // the replacement has been counted
  return counts;
}

function stepResult({ urn, type, operation, changes }: Step, error?: string): StepResult {
  return { urn, type, operation, changed: changes.map((change) => change.path), ...(error !== undefined && { error }) };
}
