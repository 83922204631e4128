import { spawn } from "node:child_process";
import { RemoteShell } from "../shell/remote-shell.ts";
import type { Shell } from "../shell/shell.ts";
import { keptRootShell } from "./kept-root-shell.ts";
import { askRootShell } from "./shared-root-shell.ts";

let shell: Promise<Shell | undefined> | undefined;

/**
 * A shell of root's on this machine, for this process's whole life: that of the command that was given one on its terminal, else
 * what sudo gives without a question. undefined: there is none.
 */
export function rootShell(): Promise<Shell | undefined> {
  const socket = keptRootShell();
  shell ??= (socket ? askRootShell(socket) : openRootShell(true)).catch(() => undefined);
  return shell;
}

/**
 * Has sudo start a shell. It ends with this process.
 * @param sudo "terminal": sudo may ask for a password there. @throws where it gives none
 */
export function openRootShell(sudo: true | "terminal"): Promise<Shell> {
  return RemoteShell.start(
    async (command) => {
      const child = spawn("sh", ["-c", `exec ${command}`], { stdio: "pipe" });
      // Nothing waits for it: it ends at the end of its input.
      for (const each of [child, child.stdin, child.stdout, child.stderr]) (each as { unref?(): void }).unref?.();
      return {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        close: () => void child.stdin.destroy(),
        onEnd: (listener) => void child.once("close", listener).once("error", listener),
      };
    },
    { name: "sudo", sudo },
  );
}
