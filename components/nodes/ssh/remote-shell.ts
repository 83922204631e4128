import { randomBytes } from "node:crypto";
import type { ClientChannel } from "ssh2";
import { ConnectionLost } from "../connection-lost.ts";

export interface ShellAnswer {
  exitCode: number;
  stdout: Buffer;
  stderr: string;
}

/** Under whose rights the shell runs, and where. */
export interface ShellUser {
  uid: number;
  gid: number;
  home: string;
}

export interface ShellOptions {
  /** For messages: `admin@node:22`. */
  name: string;
  sudo: boolean;
  sudoPassword?: string | undefined;
}

/** A step that takes longer has got stuck. */
const stepSeconds = 60;

/**
 * One POSIX shell on the node, fed step by step: a script takes one round trip and no new process of sshd or sudo. Nothing
 * of a script is seen in a process's arguments unless it hands it to a program.
 */
export class RemoteShell {
  readonly name: string;
  user: ShellUser = { uid: -1, gid: -1, home: "/" };
  readonly #channel: ClientChannel;
  /** Ends an answer; nothing that a script prints is taken for it. */
  readonly #mark: string;
  #stdout = Buffer.alloc(0);
  #stderr = Buffer.alloc(0);
  #heard: () => void = () => {};
  #lost: ConnectionLost | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(channel: ClientChannel, mark: string, name: string) {
    this.#channel = channel;
    this.#mark = mark;
    this.name = name;
    channel.on("data", (data: Buffer) => {
      this.#stdout = Buffer.concat([this.#stdout, data]);
      this.#heard();
    });
    channel.stderr.on("data", (data: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, data]);
      this.#heard();
    });
    const end = () => this.#lose("the connection was lost");
    channel.once("close", end).once("error", end);
  }

  /** @param execute has sshd run a command line. @throws where there is no shell, or no right to root's */
  static async start(
    execute: (command: string) => Promise<ClientChannel>,
    { name, sudo, sudoPassword }: ShellOptions,
  ): Promise<RemoteShell> {
    const mark = randomBytes(12).toString("hex");
    const ready = `sh -c 'echo; echo ${mark} $(id -u) $(id -g) "$HOME"; exec sh'`;
    const ask = sudoPassword === undefined ? "-n" : `-S -p 'password ${mark}'`;
    const channel = await execute(sudo ? `sudo ${ask} ${ready}` : `exec ${ready}`);
    const shell = new RemoteShell(channel, mark, name);
    const line = await shell.#greeting(sudo ? (sudoPassword ?? "") : undefined);
    const [, uid, gid, home = "/"] = /^(\d+) (\d+) (.*)$/.exec(line) ?? [];
    shell.user = { uid: Number(uid), gid: Number(gid), home };
    const settings = "LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    shell.#channel.write(`export ${settings}; umask 022; cd /\n`);
    return shell;
  }

  /** Runs a script in a subshell, after those that were asked for before. It gets no standard input. */
  run(script: string, seconds = stepSeconds): Promise<ShellAnswer> {
    const turn = this.#last.then(() => this.#step(script, seconds));
    this.#last = turn.catch(() => {});
    return turn;
  }

  end(): void {
    this.#channel.end("exit\n");
  }

  async #greeting(password: string | undefined): Promise<string> {
    const prompt = `password ${this.#mark}`;
    let prompts = 0;
    const begin = `\n${this.#mark} `;
    try {
      return await this.#until(stepSeconds, () => {
        const asked = this.#stderr.toString("latin1").split(prompt).length - 1;
        if (password && asked > prompts && prompts === 0) this.#channel.write(`${password}\n`);
        prompts = asked;
        if (asked > 1) this.#lose("sudo does not take the password");
        const text = this.#stdout.toString("utf8");
        const start = text.indexOf(begin);
        const end = text.indexOf("\n", start + begin.length);
        if (start < 0 || end < 0) return undefined;
        this.#stdout = Buffer.alloc(0);
        this.#stderr = Buffer.alloc(0);
        return text.slice(start + begin.length, end);
      });
    } catch (error) {
      this.#channel.close();
      const said = this.#stderr.toString("utf8").replaceAll(prompt, "").trim().split("\n").at(-1) ?? "";
      throw new Error(`${this.name}: ${whyNoShell(said, (error as Error).message, password)}`);
    }
  }

  async #step(script: string, seconds: number): Promise<ShellAnswer> {
    if (this.#lost) throw this.#lost;
    this.#channel.write(
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
    this.#channel.close();
  }
}

/** Text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function whyNoShell(said: string, otherwise: string, password: string | undefined): string {
  if (password === undefined) return `gives no shell: ${said || otherwise}`;
  if (/a password is required/.test(said)) {
    return "sudo asks for a password: set sudoPassword, or allow sudo without one (NOPASSWD).";
  }
  if (/does not take the password/.test(otherwise) || /incorrect password|try again/i.test(said)) {
    return "sudo does not take the password given.";
  }
  if (/sudo: (command )?not found|not found.*sudo|sudo.*not found/.test(said)) {
    return "there is no sudo on it: log in as root, or install it.";
  }
  return `sudo gives no root's rights: ${said || otherwise}`;
}
