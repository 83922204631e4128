import { randomBytes } from "node:crypto";
import { ConnectionLost } from "../connection-lost.ts";
import { allowedWithoutPassword, onlyAllowed } from "./allowed-programs.ts";
import type { Shell, ShellAnswer, ShellUser } from "./shell.ts";
import type { ShellStreams } from "./shell-streams.ts";
import { whyNoShell } from "./why-no-shell.ts";

export interface ShellOptions {
  /** For messages: `admin@node:22`. */
  name: string;
  /** "terminal": sudo asks on this machine's terminal, and Ctrl-C there does not end the shell. */
  sudo: boolean | "terminal";
  sudoPassword?: string | undefined;
}

/** A step that takes longer has got stuck. */
const stepSeconds = 60;

/** For a person who types a password, three times if need be. */
const passwordSeconds = 600;

/** Bytes of an answer. No file that is read is larger than 1 MiB; a node that answers without end must not fill this machine's memory. */
const largestAnswer = 4 * 1024 * 1024;

/** Why there is no shell, with what was said instead of it. */
class NoShell extends Error {
  readonly said: string;
  constructor(name: string, reason: string, said: string) {
    super(`${name}: ${reason}`);
    this.said = said;
  }
}

/**
 * One POSIX shell on the node, fed step by step: a script takes one round trip and no new process of sshd or sudo. Nothing
 * of a script is seen in a process's arguments unless it hands it to a program.
 */
export class RemoteShell implements Shell {
  readonly name: string;
  user: ShellUser = { uid: -1, gid: -1, home: "/" };
  readonly #streams: ShellStreams;
  /** Ends an answer; nothing that a script prints is taken for it. */
  readonly #mark: string;
  #stdout = Buffer.alloc(0);
  #stderr = Buffer.alloc(0);
  #heard: () => void = () => {};
  #lost: ConnectionLost | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(streams: ShellStreams, mark: string, name: string) {
    this.#streams = streams;
    this.#mark = mark;
    this.name = name;
    streams.stdout.on("data", (data: Buffer) => {
      this.#stdout = this.#append(this.#stdout, data);
    });
    streams.stderr.on("data", (data: Buffer) => {
      this.#stderr = this.#append(this.#stderr, data);
    });
    streams.stdin.on("error", () => this.#lose("the connection was lost"));
    streams.onEnd(() => this.#lose("the connection was lost"));
  }

  /** @param execute has sshd run a command line. @throws where there is no shell, or no right to root's */
  static async start(
    execute: (command: string) => Promise<ShellStreams>,
    { name, sudo, sudoPassword }: ShellOptions,
  ): Promise<RemoteShell> {
    const mark = randomBytes(12).toString("hex");
    const onTerminal = sudo === "terminal";
    const ready = `sh -c '${onTerminal ? 'trap "" INT; ' : ""}echo; echo ${mark} $(id -u) $(id -g) "$HOME"; exec sh'`;
    const ask = onTerminal ? "" : sudoPassword === undefined ? "-n" : `-S -p 'password ${mark}'`;
    const streams = await execute(sudo ? `sudo ${ask} ${ready}` : `exec ${ready}`);
    const shell = new RemoteShell(streams, mark, name);
    const seconds = onTerminal ? passwordSeconds : stepSeconds;
    const password = sudo === true ? (sudoPassword ?? "") : undefined;
    const line = await shell.#greeting(password, seconds).catch(async (error: unknown) => {
      if (!(error instanceof NoShell) || password !== "") throw error;
      // For a program that it does not allow at all, sudo asks for the password first.
      const allowed = await allowedWithoutPassword(execute);
      throw allowed ? new NoShell(name, onlyAllowed(allowed), error.said) : error;
    });
    const [, uid, gid, home = "/"] = /^(\d+) (\d+) (.*)$/.exec(line) ?? [];
    shell.user = { uid: Number(uid), gid: Number(gid), home };
    const settings = "LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    shell.#streams.stdin.write(`export ${settings}; umask 022; cd /\n`);
    return shell;
  }

  /** Runs a script in a subshell, after those that were asked for before. It gets no standard input. */
  run(script: string, seconds = stepSeconds): Promise<ShellAnswer> {
    const turn = this.#last.then(() => this.#step(script, seconds));
    this.#last = turn.catch(() => {});
    return turn;
  }

  end(): void {
    this.#streams.stdin.end("exit\n");
  }

  async #greeting(password: string | undefined, seconds: number): Promise<string> {
    const prompt = `password ${this.#mark}`;
    let prompts = 0;
    const begin = `\n${this.#mark} `;
    try {
      return await this.#until(seconds, () => {
        const asked = this.#stderr.toString("latin1").split(prompt).length - 1;
        if (password && asked > prompts && prompts === 0) this.#streams.stdin.write(`${password}\n`);
        prompts = asked;
        if (asked > 1) this.#lose("sudo does not accept the password");
        const text = this.#stdout.toString("utf8");
        const start = text.indexOf(begin);
        const end = text.indexOf("\n", start + begin.length);
        if (start < 0 || end < 0) return undefined;
        this.#stdout = Buffer.alloc(0);
        this.#stderr = Buffer.alloc(0);
        return text.slice(start + begin.length, end);
      });
    } catch (error) {
      this.#streams.close();
      const text = (heard: Buffer) => heard.toString("utf8").replaceAll(prompt, "").trim();
      const said = text(this.#stderr) || text(this.#stdout);
      throw new NoShell(this.name, whyNoShell(said, (error as Error).message, password), said);
    }
  }

  async #step(script: string, seconds: number): Promise<ShellAnswer> {
    if (this.#lost) throw this.#lost;
    this.#streams.stdin.write(
      `( ${script}\n) </dev/null; printf '\\n%s %d\\n' ${this.#mark} "$?"; printf '\\n%s\\n' ${this.#mark} >&2\n`,
    );
    const outMark = Buffer.from(`\n${this.#mark} `);
    const errorMark = Buffer.from(`\n${this.#mark}\n`);
    return this.#until(seconds, () => {
      const out = this.#stdout.indexOf(outMark);
      const error = this.#stderr.indexOf(errorMark);
      if (out < 0 || error < 0) return undefined;
      const rest = this.#stdout.subarray(out + outMark.length);
      if (!rest.includes("\n")) return undefined;
      const answer = {
        exitCode: Number.parseInt(rest.toString("latin1"), 10),
        stdout: this.#stdout.subarray(0, out),
        stderr: this.#stderr.subarray(0, error).toString("utf8"),
      };
      this.#stdout = Buffer.alloc(0);
      this.#stderr = Buffer.alloc(0);
      return answer;
    });
  }

  #append(heard: Buffer<ArrayBuffer>, data: Buffer): Buffer<ArrayBuffer> {
    if (this.#lost) return heard;
    if (heard.length + data.length > largestAnswer) {
      this.#lose(`its answer is longer than ${largestAnswer / 1024 / 1024} MiB`);
      return heard;
    }
    const all = Buffer.concat([heard, data]);
    // Looked at when both streams have what has come in.
    queueMicrotask(() => this.#heard());
    return all;
  }

  /** Waits for what comes in until `look` finds something. */
  #until<Result>(seconds: number, look: () => Result | undefined): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#lose(`no answer in ${seconds} s`), seconds * 1000);
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        this.#heard = () => {};
        finish();
      };
      this.#heard = () => {
        const found = look();
        if (found !== undefined) settle(() => resolve(found));
        else if (this.#lost) settle(() => reject(this.#lost));
      };
      this.#heard();
    });
  }

  #lose(reason: string): void {
    if (this.#lost) return;
    this.#lost = new ConnectionLost(`${this.name}: ${reason}.`);
    this.#heard();
    this.#streams.close();
  }
}
