import type { StackConfig } from "../config/stack-config.ts";
import { likelyPlugins } from "../plugins/likely-plugins.ts";
import { defaultLimits, PluginHost, type PluginLimits } from "../plugins/plugin-host.ts";
import { runEnvironment } from "../program/run-environment.ts";
import type { MonitorOptions } from "../services/monitor-service.ts";
import { serveEngine } from "../services/serve-engine.ts";
import type { Stack } from "../stack/open-stack.ts";
import type { RunLog } from "./run-log.ts";

/** What a pass answers with: to the program by the monitor, to observers by the log. */
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
export interface EngineSession {
  config: StackConfig;
  plugins: PluginHost;
  /** The variables of the program and the plugins. */
  environment: NodeJS.ProcessEnv;
  parallel: number;
  /** Of the gRPC server: `unix:<path>`; `127.0.0.1:<port>` on Windows. */
  address: string;
  /** From here on, this pass answers. The plugins that the one before took are free again. */
  begin(pass: Pass): void;
  close(): Promise<void>;
}

/** @throws where the configuration cannot be decrypted. */
export async function openEngineSession(stack: Stack, options: SessionOptions): Promise<EngineSession> {
  const { project, name, encrypted } = stack;
  const { validate, parallel, limits } = options;
  let current: Pass | undefined;
  const config = await stack.config.decrypt(stack.key, validate);
  const server = await serveEngine(
    (severity, message, urn) => current?.log.logged(severity, message, urn),
    () => {
      if (!current) throw new Error("No pass is under way.");
      return current.monitor;
    },
    parallel,
  );
  const environment = runEnvironment(options.environment);
  const identity = { PULUMI_PROJECT: project.name, PULUMI_NODEJS_PROJECT: project.name, PULUMI_NODEJS_STACK: name };
  const plugins = new PluginHost({
    engineAddress: server.address,
    search: { providerFolders: project.providerFolders, projectFolder: project.folder, environment },
    limits: { ...defaultLimits, ...limits },
    environment: (plugin) =>
      // Code that was taken out of the program may read the program's configuration; nobody else may.
      plugin === "pulumi-nodejs"
        ? { ...environment, ...identity, PULUMI_CONFIG: JSON.stringify(config.values) }
        : { ...environment, PULUMI_PROJECT: project.name },
    onLine: (plugin, line) => current?.log.message("info", `${plugin}: ${line}`),
  });
  for (const likely of likelyPlugins(encrypted?.resources ?? [], project.folder))
    plugins.warmUp(likely.name, likely.version);
  return {
    config,
    plugins,
    environment,
    parallel,
    address: server.address,
    begin(pass) {
      plugins.release();
      current = pass;
    },
    async close() {
      await plugins.close();
      server.close();
    },
  };
}
