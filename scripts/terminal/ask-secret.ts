import { interruptSignal } from "./interrupt-signal.ts";
import { withoutProgress } from "./progress.ts";
import { UserError } from "./user-error.ts";

const keys = { enter: ["\r", "\n"], end: "\u0004", interrupt: "\u0003", erase: ["\u007f", "\b"], eraseAll: "\u0015" };

/**
 * Asks for a secret on the terminal without showing what is typed; where there is no terminal, takes the first line of standard input.
 *
 * @throws {UserError} where nothing is given
 */
export async function askSecret(question: string): Promise<string> {
  if (process.stdin.isTTY !== true) return await firstLine();
  return await withoutProgress(() => typedSecret(question));
}

/** Asks twice on a terminal. @throws {UserError} where the two differ */
export async function askNewSecret(question: string): Promise<string> {
  const first = await askSecret(`${question}: `);
  if (process.stdin.isTTY !== true) return first;
  if (first !== (await askSecret("Once more: "))) throw new UserError("Nothing was changed: the two are not the same.");
  return first;
}

async function firstLine(): Promise<string> {
  let text = "";
  for await (const part of process.stdin.setEncoding("utf8")) text += String(part);
  if (text.includes("\ufffd"))
    throw new UserError(
      "Nothing was changed: standard input is not UTF-8. Write it as UTF-8, without a byte order mark.",
    );
  const [line = "", ...more] = text
    .replace(/^\ufeff/, "")
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
  if (line === "")
    throw new UserError("Nothing was changed: standard input is empty. Pipe the value in, or type on a terminal.");
  if (more.length > 0) throw new UserError("Nothing was changed: standard input holds more than one line.");
  return line;
}

function typedSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const signal = interruptSignal();
  return new Promise((resolve, reject) => {
    let text = "";
    const end = (finish: () => void) => {
      stdin.off("data", take).off("end", gone);
      signal.removeEventListener("abort", gone);
      stdin.setRawMode(false).pause();
      stderr.write("\n");
      finish();
    };
    const gone = () => end(() => reject(new UserError("Nothing was changed.")));
    const take = (part: string) => {
      for (const key of part) {
        if (keys.enter.includes(key)) return end(() => resolve(text));
        if (key === keys.interrupt || (key === keys.end && text === "")) return gone();
        if (keys.erase.includes(key)) text = [...text].slice(0, -1).join("");
        else if (key === keys.eraseAll) text = "";
        else text += key;
      }
    };
    signal.addEventListener("abort", gone);
    // What is typed as soon as the question is there must not be shown.
    stdin.setRawMode(true).setEncoding("utf8").on("data", take).on("end", gone).resume();
    stderr.write(question);
  });
}
