import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { interruptSignal } from "./interrupt-signal.ts";
import { withoutProgress } from "./progress.ts";

/** Whether there is a terminal to ask on. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on the terminal and returns the answer; undefined: the terminal is gone, or Ctrl-C. */
export async function ask(question: string): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const signal = interruptSignal();
  // readline takes Ctrl-C for itself.
  reader.on("SIGINT", () => process.emit("SIGINT"));
  const gone = once(reader, "close").then(() => undefined);
  const answer = await withoutProgress(() => Promise.race([reader.question(`${question} `, { signal }), gone])).catch(
    () => undefined,
  );
  reader.close();
  // What is said next does not belong on the line of the question.
  if (answer === undefined) process.stderr.write("\n");
  return answer;
}

/** A question with yes or no; anything but y or yes is no. */
export async function askYes(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(`${question} (yes/no)`))?.trim() ?? "");
}
