import type { ShellStreams } from "./shell-streams.ts";

const listSeconds = 10;
const longestList = 64 * 1024;

/** What sudo allows the user without a password, as sudoers has it; undefined: nothing, or it does not say. */
export async function allowedWithoutPassword(
  execute: (command: string) => Promise<ShellStreams>,
): Promise<string | undefined> {
  const streams = await execute("LC_ALL=C sudo -n -l").catch(() => undefined);
  if (!streams) return undefined;
  let list = "";
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, listSeconds * 1000);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    streams.stdout.on("data", (data: Buffer) => {
      list += data;
      if (list.length > longestList) end();
    });
    streams.stderr.resume();
    streams.onEnd(end);
    streams.stdin.end();
  });
  streams.close();
  const entries = list.split("\n").flatMap((line) => /^\s+(\(.*NOPASSWD: .*)$/.exec(line)?.[1]?.trim() ?? []);
  return entries.length > 0 ? entries.slice(0, 5).join("; ") : undefined;
}

/** Why the kit can't use sudo that allows some programs only. */
export function onlyAllowed(entries: string): string {
  return (
    `sudo allows without a password only: ${entries}. The kit needs sh. In sudoers: USER ALL=(root) NOPASSWD: ALL; ` +
    "or set sudoPassword, where more is allowed with one."
  );
}
