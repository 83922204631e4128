import type { StackConfig } from "./config/stack-config.ts";
import type { Stack } from "./open-stack.ts";
import type { OperationOptions } from "./operation.ts";
import { likelyPlugins } from "./plugins/likely-plugins.ts";
import { defaultLimits, PluginHost } from "./plugins/plugin-host.ts";
import { Policies } from "./policy/policies.ts";
import type { PolicyReport } from "./policy/policy-report.ts";
import { runEnvironment } from "./program/run-environment.ts";
import type { Program } from "./program/run-program.ts";
import { runProgram } from "./program/run-program.ts";
import { SilenceWatch } from "./program/silence-watch.ts";
import type { RunLog } from "./run-log.ts";
import type { EngineServer } from "./services/serve-engine.ts";
import { serveEngine } from "./services/serve-engine.ts";
import type { CheckpointWriter, Deployment } from "./state/checkpoint.ts";
import { sameDeployment } from "./state/same-deployment.ts";
import { StackState } from "./state/stack-state.ts";
import { Limiter, ReadWriteLock } from "./steps/concurrency.ts";
import { deleteResources } from "./steps/delete-resources.ts";
import { ProviderRegistry } from "./steps/provider-registry.ts";
import { refreshResources } from "./steps/refresh-resources.ts";
import { Registrar } from "./steps/registrar.ts";
import { quiet } from "./steps/report.ts";
import { resolvePending } from "./steps/resolve-pending.ts";
import type { RunContext } from "./steps/run-context.ts";
import { Reported } from "./steps/run-context.ts";

const defaultParallel = 16;
const questionsAtATime = 32;

export type RunOptions = OperationOptions & { preview: boolean };

/** One operation under way: the server, the plugins, the program, and the state between them. */
export class Run {
  readonly #stack: Stack;
  readonly #options: RunOptions;
  readonly #log: RunLog;
  readonly #parallel: number;
  readonly #limiter: Limiter;
  readonly #stop = new AbortController();
  #program: Program | undefined;
  #policies: Policies | undefined;

  constructor(stack: Stack, options: RunOptions, log: RunLog) {
    this.#stack = stack;
    this.#options = options;
    this.#log = log;
    this.#parallel = options.parallel ?? defaultParallel;
    this.#limiter = new Limiter(this.#parallel);
  }

  /**
   * @returns what the stack is made of afterwards.
   * @throws where the run could not begin; what fails later is in the log.
   */
  async execute(): Promise<Deployment> {
    const { kind, signal, preview } = this.#options;
    const halt = () => void this.#halt();
    signal?.addEventListener("abort", halt);
    const watch = new SilenceWatch(() => !this.#limiter.busy, this.#log);
    const ready = Promise.withResolvers<Registrar>();
    ready.promise.catch(() => {}); // the program may not have asked for it yet
    const usesProgram = kind === "up" || kind === "preview";
    let server: EngineServer | undefined;
    let host: PluginHost | undefined;
    try {
      server = await this.#serve(usesProgram, ready.promise, watch);
      const config = await this.#stack.config.decrypt(this.#stack.key);
      host = this.#startPlugins(server.address, config);
      if (usesProgram) this.#policies = this.#startPolicies(server.address);
      if (usesProgram) this.#program = this.#startProgram(server.address, config);
      const { deployment, writer } = await this.#stack.load();
      if (!preview) await this.#recordSalt();
      const state = new StackState({ ...deployment, pending: [] }, (now) => this.#save(writer, now));
      const context = this.#context(state, host, config);
      if (signal?.aborted) halt();
      await resolvePending(context, deployment.pending);
      if (usesProgram && this.#options.refresh) await refreshResources({ ...context, report: quiet(this.#log) });
      const registrar = new Registrar(context);
      ready.resolve(registrar);
      if (usesProgram) await this.#up(context, registrar, this.#program);
      else if (kind === "refresh") await refreshResources(context);
      else await this.#delete(context);
      await this.#limiter.idle();
      const result = state.deployment();
      if (!preview && !(this.#stack.encrypted && sameDeployment(deployment, result, writer)))
        await this.#saveLast(state);
      return result;
    } catch (error) {
      ready.reject(new Reported((error as Error).message));
      throw error;
    } finally {
      watch.end();
      signal?.removeEventListener("abort", halt);
      this.#program?.kill();
      await this.#policies?.close();
      await host?.close();
      server?.close();
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
    if (stopped) return;
    if (typeof end === "object") this.#log.message("error", end.problem);
    if (cutOff) this.#log.message("error", "The program ended before its registrations were answered.");
    if (end === "failed" && !this.#log.hasFailed) this.#log.message("error", "The program failed.");
    if (this.#log.hasFailed) return;
    registrar.recordStackOutputs();
    const refusal = await this.#policies?.verdict(context.state);
    // A stack that breaks a mandatory policy loses nothing.
    if (refusal === undefined) await this.#delete(context);
    else this.#log.message("error", refusal);
  }

  async #delete(context: RunContext): Promise<void> {
    try {
      await deleteResources(context, context.state.remaining());
    } catch (error) {
      this.#log.message("error", (error as Error).message);
    }
  }

  /** Lets running steps finish, then ends the program. */
  async #halt(): Promise<void> {
    this.#stop.abort();
    await this.#limiter.idle();
    this.#program?.kill();
  }

  #serve(usesProgram: boolean, registrar: Promise<Registrar>, watch: SilenceWatch): Promise<EngineServer> {
    const { project, name } = this.#stack;
    const { preview } = this.#options;
    const monitor = {
      registrar,
      deployment: { project: project.name, stack: name, preview, parallel: this.#parallel },
      active: () => watch.active(),
      abort: (message: string) => {
        this.#log.message("error", message);
        void this.#halt();
      },
    };
    return serveEngine(
      (severity, message, urn) => this.#log.message(severity, message, urn),
      usesProgram ? monitor : undefined,
    );
  }

  #startPlugins(engineAddress: string, config: StackConfig): PluginHost {
    const { project, name, encrypted } = this.#stack;
    const environment = this.#environment();
    const identity = { PULUMI_PROJECT: project.name, PULUMI_NODEJS_PROJECT: project.name, PULUMI_NODEJS_STACK: name };
    const host = new PluginHost({
      engineAddress,
      search: { providerFolders: project.providerFolders, projectFolder: project.folder, environment },
      limits: { ...defaultLimits, ...this.#options.limits },
      environment: (plugin) =>
        // Code that was taken out of the program may read the program's configuration; nobody else may.
        plugin === "pulumi-nodejs"
          ? { ...environment, ...identity, PULUMI_CONFIG: JSON.stringify(config.values) }
          : { ...environment, PULUMI_PROJECT: project.name },
      onLine: (plugin, line) => this.#log.message("info", `${plugin}: ${line}`),
    });
    for (const { name: plugin, version } of likelyPlugins(encrypted?.resources ?? [], project.folder))
      host.warmUp(plugin, version);
    return host;
  }

  #startPolicies(engineAddress: string): Policies {
    const { policyPacks: packs = [], preview } = this.#options;
    const { project, name } = this.#stack;
    const stack = { project: project.name, name, preview, folder: project.folder };
    return new Policies({ packs, stack, engineAddress, environment: this.#environment(), report: this.#log });
  }

  #startProgram(address: string, config: StackConfig): Program {
    const { project, name: stack } = this.#stack;
    const { preview } = this.#options;
    return runProgram({
      project,
      stack,
      preview,
      parallel: this.#parallel,
      address,
      config,
      environment: this.#environment(),
      onLine: (line) => this.#log.message("info", line),
    });
  }

  #context(state: StackState, host: PluginHost, config: StackConfig): RunContext {
    return {
      project: this.#stack.project.name,
      stack: this.#stack.name,
      preview: this.#options.preview,
      state,
      providers: new ProviderRegistry(host, config, (reference) => state.provider(reference)),
      policies: this.#policies,
      report: this.#log,
      limiter: this.#limiter,
      questions: new Limiter(questionsAtATime),
      planning: new ReadWriteLock(),
      decided: new Set(),
      stop: this.#stop.signal,
      now: () => new Date().toISOString(),
    };
  }

  #environment(): NodeJS.ProcessEnv {
    return runEnvironment(this.#options.environment ?? process.env);
  }

  /** A new stack's salt is in its configuration before anything is encrypted with it, as the CLI wants it. */
  async #recordSalt(): Promise<void> {
    const { config, key } = this.#stack;
    const { salt } = await key();
    if (config.salt === salt) return;
    config.salt = salt;
    await config.write();
  }

  async #save(writer: CheckpointWriter, deployment: Deployment): Promise<void> {
    if (this.#options.preview) return;
    try {
      await this.#stack.file.write(writer.render(deployment));
    } catch (error) {
      this.#stop.abort(); // what cannot be recorded must not be begun
      throw new Error(`The state could not be saved: ${(error as Error).message}`);
    }
  }

  async #saveLast(state: StackState): Promise<void> {
    try {
      await state.save();
    } catch (error) {
      this.#log.message("error", (error as Error).message);
    }
  }
}
