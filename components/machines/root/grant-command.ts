import { accessSync, constants } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { quoted } from "../../../lib/processes/shell-word.ts";

/** A command that gives folders of root's on this machine to this user, one that makes them if need be. */
export function grantCommand(folders: readonly string[]): string {
  const closed = [...new Set(folders.flatMap((folder) => closedAbove(folder) ?? []))];
  const open = closed.map((folder) => `sudo chmod a+x ${quoted(folder)} && `).join("");
  return `${open}sudo install -d -o ${userName()} ${[...new Set(folders)].map(quoted).join(" ")}`;
}

/** The outermost folder above one that this user can't go through. */
function closedAbove(folder: string): string | undefined {
  const above = dirname(folder);
  if (above === folder) return undefined;
  const closed = closedAbove(above);
  if (closed) return closed;
  try {
    accessSync(above, constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES") return above;
  }
  return undefined;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // No entry in the list of users.
    return String(process.geteuid?.());
  }
}
