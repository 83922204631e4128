import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { isProviderType, nameOf, typeOf } from "../../../../lib/protocol/urn.ts";
import { kinds } from "./kinds.ts";
import { observeFolder } from "./observed-state.ts";
import type { Outcome, Program, Recording, Run } from "./program.ts";
import { ProgramFolder } from "./program-folder.ts";
import { serveBody } from "./run-body.ts";
import type { ServedWorld } from "./serve-world.ts";

/** Runs a program of the corpus on the Pulumi CLI that is on PATH. */
export async function runOnCli(program: Program, served: ServedWorld): Promise<Recording> {
  using folder = new ProgramFolder(program, served.folder);
  served.enter(folder.world);
  await pulumi(folder, "stack", "init", "dev");
  const runs: Outcome[] = [];
  for (const run of program.runs) {
    folder.prepare(run);
    const { ok, events } = await operate(program, folder, run);
    const calls = [...folder.world.calls];
    runs.push({
      ok,
      steps: stepsOf(events, run),
      calls: program.ordered ? calls : calls.sort(),
      state: await observeFolder(folder),
    });
  }
  return { version: cliVersion(), runs };
}

let version: string | undefined;

/** Of the Pulumi CLI on PATH. */
function cliVersion(): string {
  version ??= execFileSync("pulumi", ["version"], { encoding: "utf8" }).trim();
  return version;
}

interface EngineEvent {
  resOpFailedEvent?: { metadata: StepMetadata };
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
}

interface StepMetadata {
  op: string;
  urn: string;
}

async function operate(
  program: Program,
  folder: ProgramFolder,
  run: Run,
): Promise<{ ok: boolean; events: EngineEvent[] }> {
  const served = await serveBody(() => program.body(run.v, kinds));
  const log = join(folder.path, "events.json");
  rmSync(log, { force: true });
  const options = [
    ...["--event-log", log, ...(run.refresh ? ["--refresh"] : [])],
    ...(run.do === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(run.do === "up" || run.do === "preview" ? ["--exec-kind", "auto.inline", "--client", served.address] : []),
  ];
  const ok = await pulumi(folder, run.do, ...options);
  served.close();
  // A command line that is refused at once writes none.
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
  return { ok, events: lines.map((line) => JSON.parse(line)) };
}

/** @returns whether it ended well. */
async function pulumi(folder: ProgramFolder, ...parameters: string[]): Promise<boolean> {
  // The CLI waits forever where the SDK's server of functions does not end a program that failed.
  const options = { cwd: folder.path, env: folder.environment, maxBuffer: 64 * 1024 * 1024, timeout: 120_000 };
  const stack = parameters[0] === "stack" ? [] : ["--stack", "dev"];
  try {
    const { stdout, stderr } = await promisify(execFile)(
      "pulumi",
      [...parameters, ...stack, "--non-interactive"],
      options,
    );
    verbose(stdout + stderr);
    return true;
  } catch (error) {
    const { stdout = "", stderr = String(error) } = error as { stdout?: string; stderr?: string };
    verbose(stdout + stderr);
    return false;
  }
}

function verbose(text: string): void {
  if (process.env.PROGRAM_OUTPUT) process.stderr.write(text);
}

/** The names that both engines' steps have here. */
const operations: Record<string, string> = {
  "create-replacement": "replace",
  discard: "forget",
  "discard-replaced": "forget-replaced",
  "read-replacement": "read",
  "remove-pending-replace": "delete",
};

/**
 * What has begun and not failed. A component's outputs come later, under the name of another operation; its begin comes once. What a
 * refresh found is known at its end only; that of an `up --refresh` is no step here.
 */
function stepsOf(events: EngineEvent[], run: Run): string[] {
  const begun = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const reads = new Set(begun.filter(({ op }) => op === "refresh").map(({ urn }) => urn));
  const ended = events.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []);
  const found = run.do === "refresh" ? ended.filter(({ urn }) => reads.has(urn)) : [];
  const done = [...begun.filter(({ op }) => op !== "refresh"), ...found].flatMap(nameOfStep);
  const failed = events.flatMap(({ resOpFailedEvent }) => resOpFailedEvent?.metadata ?? []).flatMap(nameOfStep);
  for (const step of failed) if (done.includes(step)) done.splice(done.indexOf(step), 1);
  return [...done.filter((step) => !step.startsWith("same ")), ...failed.map((step) => `failed: ${step}`)].sort();
}

function nameOfStep({ op, urn }: StepMetadata): string[] {
  if (isProviderType(typeOf(urn)) && /^default(_|$)/.test(nameOf(urn))) return [];
  if (op === "replace") return []; // says only that a creation replaces something
  return [`${operations[op] ?? op} ${nameOf(urn)}`];
}
