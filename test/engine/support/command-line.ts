import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestProject } from "./test-project.ts";

const cli = fileURLToPath(new URL("../../../engine/cli.ts", import.meta.url));

/** A command of the engine in a process of its own. */
export interface RunningCommand {
  pid: number;
  ended: Promise<{ code: number | null; signal: string | null; output: string }>;
  /** Resolves when the output holds the text. */
  printed(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

export function startCommand(
  project: TestProject,
  parameters: string[],
  environment: NodeJS.ProcessEnv = {},
): RunningCommand {
  const child = spawn(process.execPath, [cli, ...parameters, "--stack", project.stack, "--cwd", project.folder], {
    env: { ...project.environment, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    for (const { text, resolve } of waiting) if (output.includes(text)) resolve();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const ended = new Promise<Awaited<RunningCommand["ended"]>>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, output }));
  });
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      if (output.includes(text)) resolve();
      waiting.push({ text, resolve });
      ended.then(() => reject(new Error(`It ended without "${text}":\n${output}`)));
    });
  return { pid: child.pid ?? 0, ended, printed, kill: (signal) => child.kill(signal) };
}
