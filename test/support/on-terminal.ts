import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { shellWord } from "../../lib/processes/shell-word.ts";

export interface TerminalRun {
  /** What stands on the screen, without colours; what was drawn over is gone. */
  rows: string[];
  exitCode: number | undefined;
}

export interface TerminalOptions {
  cwd: string;
  env?: Record<string, string | undefined>;
  /** What is typed at the end of a line that matches. Each is typed once. */
  answers?: [at: RegExp, typed: string][];
}

const width = 80;

/** Runs a program on a pseudo-terminal of 80 columns, made by script(1) of util-linux. */
export async function onTerminal(
  command: string[],
  { cwd, env = {}, answers = [] }: TerminalOptions,
): Promise<TerminalRun> {
  const line = `stty cols ${width} rows 40; exec ${command.map(shellWord).join(" ")}`;
  const running = execa("script", ["--quiet", "--flush", "--return", "--command", line, "/dev/null"], {
    cwd,
    env: { ...env, TERM: "xterm", SHELL: "/bin/sh" },
    stdin: "pipe",
    reject: false,
    timeout: 120_000,
  });
  const left = [...answers];
  let text = "";
  running.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
    const last = plain(text.split("\n").at(-1) ?? "");
    if (left[0]?.[0].test(last)) running.stdin.write(`${left.shift()?.[1]}\n`);
  });
  const { exitCode } = await running;
  return { rows: rowsOf(text), exitCode };
}

/** Lines as the terminal wraps them. */
function rowsOf(text: string): string[] {
  const lines = text.replaceAll("\r\n", "\n").trimEnd().split("\n").map(plain);
  return lines.flatMap((line) => {
    const parts = line.match(new RegExp(`.{1,${width}}`, "g"));
    return parts ?? [""];
  });
}

/** What is left of a line when escape sequences are carried out. */
function plain(line: string): string {
  const visible = line.slice(Math.max(0, line.lastIndexOf("\r\u001b[K") + 1));
  return stripVTControlCharacters(visible).replaceAll("\r", "");
}
