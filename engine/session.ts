import type { StackConfig } from "./config/stack-config.ts";
import type { Stack } from "./open-stack.ts";
import { likelyPlugins } from "./plugins/likely-plugins.ts";
import type { PluginLimits } from "./plugins/plugin-host.ts";
import { defaultLimits, PluginHost } from "./plugins/plugin-host.ts";
import { runEnvironment } from "./program/run-environment.ts";
import type { RunLog } from "./run-log.ts";
import type { MonitorOptions } from "./services/monitor-service.ts";
import type { EngineServer } from "./services/serve-engine.ts";
import { serveEngine } from "./services/serve-engine.ts";

/** What a pass answers with: to the program by the monitor, to whoever looks on by the log. */
export interface Pass {
  log: RunLog;
  monitor: MonitorOptions;
}

export interface SessionOptions {
  /** Whether the stack must have what the project declares. */
  validate: boolean;
  parallel: number;
  limits: Partial<PluginLimits> | undefined;
  environment: NodeJS.ProcessEnv;
}

/**
 * What the passes of one operation share, a preview and the change after it: the gRPC server, the stack's configuration
 * and the plugin processes, whose start takes longer than most of what they are asked.
 */
export class Session {
  readonly config: StackConfig;
  readonly plugins: PluginHost;
  /** The variables of the program and the plugins. */
  readonly environment: NodeJS.ProcessEnv;
  readonly parallel: number;
  readonly #server: EngineServer;
  readonly #current: { pass?: Pass };

  private constructor(
    stack: Stack,
    { parallel, limits, environment }: SessionOptions,
    config: StackConfig,
    server: EngineServer,
    current: { pass?: Pass },
  ) {
    this.config = config;
    this.parallel = parallel;
    this.environment = runEnvironment(environment);
    this.#server = server;
    this.#current = current;
    this.plugins = this.#startPlugins(stack, limits);
  }

  /** @throws where the configuration cannot be decrypted. */
  static async open(stack: Stack, options: SessionOptions): Promise<Session> {
    const current: { pass?: Pass } = {};
    const config = await stack.config.decrypt(stack.key, options.validate);
    const server = await serveEngine(
      (severity, message, urn) => current.pass?.log.message(severity, message, urn),
      () => {
        if (!current.pass) throw new Error("No pass is under way.");
        return current.pass.monitor;
      },
      options.parallel,
    );
    return new Session(stack, options, config, server, current);
  }

  /** `127.0.0.1:<port>` of the gRPC server. */
  get address(): string {
    return this.#server.address;
  }

  /** From here on, this pass answers. The plugins that the one before took are free again. */
  begin(pass: Pass): void {
    this.plugins.release();
    this.#current.pass = pass;
  }

  async close(): Promise<void> {
    await this.plugins.close();
    this.#server.close();
  }

  #startPlugins({ project, name, encrypted }: Stack, limits: Partial<PluginLimits> | undefined): PluginHost {
    const { environment, config } = this;
    const identity = { PULUMI_PROJECT: project.name, PULUMI_NODEJS_PROJECT: project.name, PULUMI_NODEJS_STACK: name };
    const host = new PluginHost({
      engineAddress: this.address,
      search: { providerFolders: project.providerFolders, projectFolder: project.folder, environment },
      limits: { ...defaultLimits, ...limits },
      environment: (plugin) =>
        // Code that was taken out of the program may read the program's configuration; nobody else may.
        plugin === "pulumi-nodejs"
          ? { ...environment, ...identity, PULUMI_CONFIG: JSON.stringify(config.values) }
          : { ...environment, PULUMI_PROJECT: project.name },
      onLine: (plugin, line) => this.#current.pass?.log.message("info", `${plugin}: ${line}`),
    });
    for (const { name: plugin, version } of likelyPlugins(encrypted?.resources ?? [], project.folder))
      host.warmUp(plugin, version);
    return host;
  }
}
