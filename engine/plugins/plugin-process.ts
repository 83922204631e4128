import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { PluginCommand } from "./find-plugin.ts";
import { killGroup } from "./kill-group.ts";

export interface PluginProcessOptions {
  /** Address of the engine, for the plugin's log. */
  engineAddress: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Milliseconds until the port must be printed. */
  startTimeout: number;
  /** Takes what the plugin prints on standard error, and on standard output after the port. */
  onLine(line: string): void;
}

/** A running plugin. It is in a process group of its own: Ctrl-C reaches only the engine, which then decides. */
export class PluginProcess {
  readonly name: string;
  /** Where it listens: `127.0.0.1:<port>`, or `unix:<path>`. */
  readonly address: string;
  readonly #child: ChildProcess;
  readonly #tail: string[];

  private constructor(name: string, address: string, child: ChildProcess, tail: string[]) {
    this.name = name;
    this.address = address;
    this.#child = child;
    this.#tail = tail;
    process.on("exit", this.kill);
    child.on("exit", () => process.off("exit", this.kill));
  }

  /** @throws where the plugin does not start, ends, stays silent or prints something else than a port. */
  static start(name: string, plugin: PluginCommand, options: PluginProcessOptions): Promise<PluginProcess> {
    const child = spawn(plugin.command, [...plugin.arguments, options.engineAddress], {
      cwd: options.folder,
      env: options.environment,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => {}); // a plugin need not read it
    const tail: string[] = [];
    const line = (text: string) => {
      tail.push(text);
      if (tail.length > 10) tail.shift();
      options.onLine(text);
    };
    createInterface(child.stderr).on("line", line);
    return new Promise((resolve, reject) => {
      const fail = (problem: string) => {
        clearTimeout(timer);
        killGroup(child);
        const said = tail.length > 0 ? ` It said:\n  ${tail.join("\n  ")}` : "";
        reject(
          new Error(`The plugin of package "${name}" (${plugin.command}, from ${plugin.origin}) ${problem}.${said}`),
        );
      };
      const timer = setTimeout(
        () => fail(`did not print its port within ${options.startTimeout / 1000} s`),
        options.startTimeout,
      );
      child.on("error", (error) => fail(`could not be started: ${error.message}`));
      child.on("close", (code, signal) =>
        fail(`ended with ${signal ?? `exit code ${code}`} before it printed its port`),
      );
      let first = true;
      createInterface(child.stdout).on("line", (text) => {
        if (!first) return line(text);
        first = false;
        const address = addressOf(text.trim(), options.engineAddress);
        if (!address)
          return fail(`printed ${JSON.stringify(text.slice(0, 80))} where the number of its port was expected`);
        clearTimeout(timer);
        child.removeAllListeners("close");
        resolve(new PluginProcess(name, address, child, tail));
      });
    });
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** How the process ended, with its last words; undefined where it still runs a second from now. */
  async ending(): Promise<string | undefined> {
    const { exitCode, signalCode } = this.#child;
    if (!this.ended) {
      const ended = once(this.#child, "close", { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
      return (await ended) && this.ending();
    }
    const said = this.#tail.length > 0 ? ` Its last lines:\n  ${this.#tail.join("\n  ")}` : "";
    return `the plugin process ended with ${signalCode ?? `exit code ${exitCode}`}.${said}`;
  }

  readonly kill = (): void => killGroup(this.#child);
}

/** What a plugin printed, as an address: its port on loopback, or a socket in the folder of the engine's own. */
function addressOf(printed: string, engineAddress: string): string | undefined {
  const folder = engineAddress.slice(0, engineAddress.lastIndexOf("/") + 1);
  if (folder.startsWith("unix:") && printed.startsWith(folder) && !printed.includes("/", folder.length)) return printed;
  const port = /^\d{1,5}$/.test(printed) ? Number(printed) : 0;
  return port >= 1 && port <= 65535 ? `127.0.0.1:${port}` : undefined;
}
