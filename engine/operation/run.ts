import { Limiter, ReadWriteLock } from "../../lib/time/concurrency.ts";
import { Policies } from "../policy/policies.ts";
import { type Program, runProgram } from "../program/run-program.ts";
import { SilenceWatch } from "../program/silence-watch.ts";
import type { PolicyReport } from "../reporting/policy-report.ts";
import { quiet } from "../reporting/report.ts";
import type { MonitorOptions } from "../services/monitor-service.ts";
import type { Stack } from "../stack/open-stack.ts";
import type { Deployment } from "../state/checkpoint.ts";
import type { Changes } from "../state/journal.ts";
import { RunRecord } from "../state/run-record.ts";
import { sameDeployment } from "../state/same-deployment.ts";
import { StackState } from "../state/stack-state.ts";
import { deleteResources } from "../steps/delete-resources.ts";
import { ProviderRegistry } from "../steps/provider-registry.ts";
import { refreshResources } from "../steps/refresh-resources.ts";
import { Registrar } from "../steps/registrar.ts";
import { resolvePending } from "../steps/resolve-pending.ts";
import { Reported, type RunContext } from "../steps/run-context.ts";
import type { EngineSession } from "./engine-session.ts";
import type { OperationOptions } from "./operation-options.ts";
import type { RunLog } from "./run-log.ts";

const questionsAtATime = 32;

export type RunOptions = OperationOptions & { preview: boolean };

/** What a run left, or would leave. */
export interface RunResult {
  /** What the stack is made of now. */
  deployment: Deployment;
  /** The state says it already, to the last output and dependency. */
  unchanged: boolean;
}

/** One pass of an operation, a preview or a change: the program, the plugins of its session, and the state between them. */
export class Run {
  readonly #stack: Stack;
  readonly #options: RunOptions;
  readonly #log: RunLog;
  readonly #session: EngineSession;
  readonly #limiter: Limiter;
  readonly #stop = new AbortController();
  #program: Program | undefined;
  #policies: Policies | undefined;

  constructor(stack: Stack, options: RunOptions, session: EngineSession, log: RunLog) {
    this.#stack = stack;
    this.#options = options;
    this.#session = session;
    this.#log = log;
    this.#limiter = new Limiter(session.parallel);
  }

  /** @throws where the run could not begin; what fails later is in the log. */
  async execute(): Promise<RunResult> {
    const { kind, signal, preview } = this.#options;
    const halt = () => void this.#halt();
    signal?.addEventListener("abort", halt);
    const watch = new SilenceWatch(() => !this.#limiter.busy, this.#log);
    const ready = Promise.withResolvers<Registrar>();
    ready.promise.catch(() => {}); // the program may not have asked for it yet
    const usesProgram = kind === "up" || kind === "preview";
    this.#session.begin({ log: this.#log, monitor: this.#monitor(ready.promise, watch) });
    try {
      if (usesProgram) this.#start();
      const { deployment, writer } = await this.#stack.load();
      if (!preview) await this.#recordSalt();
      const record = new RunRecord(this.#stack.file, writer, deployment);
      const append = (changes: Changes) => this.#saved(record.append(changes));
      const state = new StackState(deployment, { append });
      const context = this.#context(state);
      if (signal?.aborted) halt();
      await resolvePending(context, deployment.pending);
      if (usesProgram && (this.#options.refresh || this.#stack.project.refreshes))
        await refreshResources({ ...context, report: quiet(this.#log) });
      const registrar = new Registrar(context);
      ready.resolve(registrar);
      if (usesProgram) await this.#up(context, registrar, this.#program);
      else if (kind === "refresh") await refreshResources(context);
      else await deleteResources(context, context.state.remaining());
      await this.#limiter.idle();
      const result = state.deployment();
      const unchanged = this.#stack.encrypted !== undefined && sameDeployment(deployment, result, writer);
      if (!preview && (!unchanged || record.begun))
        await this.#saved(record.end(result)).catch((error: Error) => this.#log.message("error", error.message));
      return { deployment: result, unchanged };
    } catch (error) {
      ready.reject(new Reported((error as Error).message));
      throw error;
    } finally {
      watch.end();
      signal?.removeEventListener("abort", halt);
      this.#program?.kill();
      await this.#policies?.close();
    }
  }

  /** What the policy packs found. */
  async policies(): Promise<PolicyReport[]> {
    return (await this.#policies?.reports()) ?? [];
  }

  /** Runs the program to its end; what it no longer has is deleted, if it and every step ended well. */
  async #up(context: RunContext, registrar: Registrar, program: Program | undefined): Promise<void> {
    const end = await program?.ended;
    const cutOff = end === "ok" && registrar.busy;
    const stopped = this.#stop.signal.aborted;
    // What the program did not wait for must not begin any more.
    if (end !== "ok" || cutOff) this.#stop.abort();
    await this.#limiter.idle();
    if (end !== "ok") this.#log.countLogged();
    const failed = stopped || cutOff || end !== "ok" || this.#log.hasFailed;
    registrar.recordStackOutputs({ failed });
    if (stopped) return;
    if (typeof end === "object") this.#log.message("error", end.problem);
    if (cutOff) this.#log.message("error", "The program ended before its registrations were answered.");
    if (end === "failed" && !this.#log.hasFailed) this.#log.message("error", "The program failed.");
    if (failed) return;
    const refusal = await this.#policies?.verdict(context.state);
    // A stack that breaks a mandatory policy loses nothing.
    if (refusal === undefined) await deleteResources(context, context.state.remaining());
    else this.#log.message("error", refusal);
  }

  /** Lets running steps finish, then ends the program. */
  async #halt(): Promise<void> {
    this.#stop.abort();
    await this.#limiter.idle();
    this.#program?.kill();
  }

  #monitor(registrar: Promise<Registrar>, watch: SilenceWatch): MonitorOptions {
    const { project, name } = this.#stack;
    const { preview } = this.#options;
    const { parallel } = this.#session;
    return {
      registrar,
      deployment: { project: project.name, stack: name, preview, parallel, folder: project.programFolder },
      active: () => watch.active(),
      abort: (message: string) => {
        this.#log.message("error", message);
        void this.#halt();
      },
    };
  }

  /** Starts the policy packs and the program. */
  #start(): void {
    const { policyPacks: packs = [], preview } = this.#options;
    const { project, name } = this.#stack;
    const { parallel, address, config, environment } = this.#session;
    const stack = { project: project.name, name, preview, folder: project.folder };
    this.#policies = new Policies({ packs, stack, engineAddress: address, environment, report: this.#log });
    const onLine = (line: string) => this.#log.message("info", line);
    this.#program = runProgram({ project, stack: name, preview, parallel, address, config, environment, onLine });
  }

  #context(state: StackState): RunContext {
    const { plugins, config } = this.#session;
    return {
      project: this.#stack.project.name,
      stack: this.#stack.name,
      preview: this.#options.preview,
      state,
      providers: new ProviderRegistry(plugins, config, (reference) => state.provider(reference)),
      policies: this.#policies,
      report: this.#log,
      limiter: this.#limiter,
      questions: new Limiter(questionsAtATime),
      planning: new ReadWriteLock(),
      decided: new Set(),
      replaced: new Set(),
      stop: this.#stop.signal,
      now: () => new Date().toISOString(),
    };
  }

  /**
   * A new stack's salt is in its configuration before anything is encrypted with it, as the CLI wants it. A configuration without
   * secrets is left as it is: the state has the salt, too.
   */
  async #recordSalt(): Promise<void> {
    const { config, key } = this.#stack;
    if (!config.hasSecrets) return;
    const { salt } = await key();
    if (config.salt === salt) return;
    config.salt = salt;
    await config.write();
  }

  async #saved(save: Promise<void>): Promise<void> {
    try {
      await save;
    } catch (error) {
      this.#stop.abort(); // what cannot be recorded must not be begun
      throw new Error(`The state could not be saved: ${(error as Error).message}`);
    }
  }
}
