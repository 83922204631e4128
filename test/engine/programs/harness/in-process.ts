import type { Program, ProgramOptions } from "../../../../engine/program/run-program.ts";
import { Passphrase } from "../../../../engine/state/passphrase.ts";
import { runBody } from "./run-body.ts";

/** The program that runs next. */
export const currentBody: { run: () => unknown } = { run: () => undefined };

/** In place of engine/program/run-program.ts: a program that is a function in this process, not a process that takes a second to start. */
export function runProgram({ project, stack, preview, parallel, address, config }: ProgramOptions): Program {
  const options = { project: project.name, stack, preview, parallel, address, config };
  const ended = runBody(() => currentBody.run(), options).then((error) => (error ? { problem: error.message } : "ok"));
  return { ended, kill() {} };
}

const opened = new Map<string, Promise<Passphrase>>();

/** Makes the key of a passphrase once: a million rounds for each of hundreds of runs are no part of what is tested. */
export function rememberPassphrases(): void {
  const { open, create } = Passphrase;
  const remember = (key: string, make: () => Promise<Passphrase>) => {
    const known = opened.get(key) ?? make();
    opened.set(key, known);
    return known;
  };
  Passphrase.open = (phrase, salt) => remember(`${phrase} ${salt}`, () => open.call(Passphrase, phrase, salt));
  Passphrase.create = (phrase) => remember(phrase, () => create.call(Passphrase, phrase));
}
