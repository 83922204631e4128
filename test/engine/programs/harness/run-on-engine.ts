import type { Display } from "../../../../engine/display/display.ts";
import { silentDisplay } from "../../../../engine/display/silent-display.ts";
import { runOperation } from "../../../../engine/operation/operation.ts";
import type { Step } from "../../../../engine/reporting/report.ts";
import type { Result } from "../../../../engine/reporting/result.ts";
import { nameOf } from "../../../../lib/protocol/urn.ts";
import { currentBody } from "./in-process.ts";
import { kinds } from "./kinds.ts";
import { observeFolder } from "./observed-state.ts";
import type { Outcome, Program, Run } from "./program.ts";
import { ProgramFolder } from "./program-folder.ts";
import type { ServedWorld } from "./serve-world.ts";

/** What a run did on the built-in engine, and what it said. */
export interface EngineOutcome extends Outcome {
  errors: string[];
}

/** Runs a program of the corpus on the built-in engine. */
export async function runOnEngine(program: Program, served: ServedWorld): Promise<EngineOutcome[]> {
  using folder = new ProgramFolder(program, served.folder);
  served.enter(folder.world);
  const outcomes: EngineOutcome[] = [];
  for (const run of program.runs) {
    const outcome = await runOnce(program, folder, run);
    outcomes.push({ ...outcome, calls: program.ordered ? outcome.calls : outcome.calls.sort() });
  }
  return outcomes;
}

export async function runOnce(program: Pick<Program, "body">, folder: ProgramFolder, run: Run): Promise<EngineOutcome> {
  folder.prepare(run);
  currentBody.run = () => program.body(run.v, kinds);
  const steps: string[] = [];
  const display: Display = {
    ...silentDisplay,
    failed: (step) => steps.push(`failed: ${operationOf(step)} ${nameOf(step.urn)}`),
    ended: (_result, finished) => {
      for (const step of finished)
        if (operationOf(step) !== "same") steps.push(`${operationOf(step)} ${nameOf(step.urn)}`);
    },
  };
  const problems: string[] = [];
  let result: Result | undefined;
  try {
    result = await runOperation({
      kind: run.do,
      projectDirectory: folder.path,
      stack: "dev",
      environment: folder.environment,
      backendUrl: `file://${folder.state}`,
      display,
      refresh: run.refresh === true,
    });
  } catch (error) {
    problems.push((error as Error).message);
  }
  const errors = [...problems, ...(result?.errors ?? [])];
  if (process.env.PROGRAM_OUTPUT) for (const error of errors) console.error(error);
  return {
    ok: result?.exitCode === 0,
    steps: steps.sort(),
    calls: [...folder.world.calls],
    state: await observeFolder(folder),
    errors,
  };
}

function operationOf({ operation, leftover, old }: Step): string {
  // The CLI says "delete" of what it keeps, too.
  const shown = operation === "forget" && !old?.external ? "delete" : operation;
  return leftover && (shown === "delete" || shown === "forget") ? `${shown}-replaced` : shown;
}
