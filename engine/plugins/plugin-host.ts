import { findBuiltIn, findPlugin, type PluginCommand, type PluginSearch } from "./find-plugin.ts";
import { PluginProcess } from "./plugin-process.ts";
import { type CallLimits, ProviderConnection } from "./provider-connection.ts";

/** How long plugins may take, in seconds. */
export interface PluginLimits extends CallLimits {
  /** Until the port is printed. */
  start: number;
}

export const defaultLimits: PluginLimits = { start: 60, query: 600, change: 3600 };

export interface PluginHostOptions {
  engineAddress: string;
  search: PluginSearch;
  limits: PluginLimits;
  /** The environment variables of a package's plugin. */
  environment(plugin: string): NodeJS.ProcessEnv;
  onLine(plugin: string, line: string): void;
}

/** Starts plugin processes and ends them. Every provider resource has a process of its own, as its configuration is. */
export class PluginHost {
  readonly #options: PluginHostOptions;
  readonly #idle = new Map<string, Promise<ProviderConnection>[]>();
  readonly #taken: { key: string; connection: Promise<ProviderConnection> }[] = [];
  readonly #started: Promise<ProviderConnection>[] = [];

  constructor(options: PluginHostOptions) {
    this.#options = options;
  }

  /** Starts a plugin that will probably be needed, beside the program; problems show when it is taken. */
  warmUp(name: string, version: string): void {
    const connection = this.#start(name, version);
    connection.catch(() => {});
    this.#offer(`${name}@${version}`, connection);
  }

  /** A process that nobody else uses; it may have been configured before `release`. */
  take(name: string, version: string): Promise<ProviderConnection> {
    const key = `${name}@${version}`;
    const idle = this.#idle.get(key)?.shift();
    const connection = idle
      ? idle.then((it) => (it.ended ? this.#start(name, version) : it))
      : this.#start(name, version);
    this.#taken.push({ key, connection });
    return connection;
  }

  /** A process of the engine's own provider of a package, whatever else there is; undefined: it has none. */
  takeBuiltIn(name: string): Promise<ProviderConnection> | undefined {
    const command = findBuiltIn(name, this.#options.search.projectFolder);
    return command && this.#track(this.#launch(name, command));
  }

  /** Nobody uses the processes any more that were taken: they can be taken again. */
  release(): void {
    for (const { key, connection } of this.#taken.splice(0)) {
      connection.catch(() => {});
      this.#offer(key, connection);
    }
  }

  /** Ends every plugin. */
  async close(): Promise<void> {
    for (const connection of await Promise.allSettled(this.#started))
      if (connection.status === "fulfilled") connection.value.close();
  }

  #offer(key: string, connection: Promise<ProviderConnection>): void {
    this.#idle.set(key, [...(this.#idle.get(key) ?? []), connection]);
  }

  #start(name: string, version: string): Promise<ProviderConnection> {
    const find = async () => this.#launch(name, findPlugin(name, version, this.#options.search));
    return this.#track(find());
  }

  #track(connection: Promise<ProviderConnection>): Promise<ProviderConnection> {
    this.#started.push(connection);
    return connection;
  }

  async #launch(name: string, command: PluginCommand): Promise<ProviderConnection> {
    const { engineAddress, search, limits, environment, onLine } = this.#options;
    const process = await PluginProcess.start(name, command, {
      engineAddress,
      folder: search.projectFolder,
      environment: environment(name),
      startTimeout: limits.start * 1000,
      onLine: (line) => onLine(name, line),
    });
    return new ProviderConnection(process, limits);
  }
}
