import { stat } from "node:fs/promises";
import { posix } from "node:path";
import { quoted } from "./shell/shell.ts";

/**
 * Root writes only where no other user can put a link in the way: every folder above a file is root's, and nobody else can write in it,
 * but for folders like /tmp, where users can change only what is theirs. As `safe_path` of OpenSSH does it.
 */
const reason =
  "can be changed by a user who is not root, who could lead root's writes elsewhere. Give it to root: chown root:root";

/** On this machine, why root must not write below a folder; undefined: it may. */
export async function unsafeFolder(folder: string): Promise<string | undefined> {
  for (const each of foldersDownTo(folder)) {
    const stats = await stat(each).catch(() => undefined);
    if (!stats) return undefined;
    const { uid, gid, mode } = stats;
    const isShared = (mode & 0o1002) === 0o2 || (gid !== 0 && (mode & 0o1020) === 0o20);
    if (uid !== 0 || isShared) return `${each} ${reason} ${quoted(each)}`;
  }
  return undefined;
}

/** The same as lines of a shell script, for root's shell: they end it with exit code 1, and say why. */
export function unlessUnsafe(folder: string): string {
  const folders = foldersDownTo(folder).map(quoted).join(" ");
  if (folders === "") return "";
  return `u=$(stat -L -c '%u %g %a %n' -- ${folders} 2>/dev/null | while read -r u g m n; do
      m=$((0$m))
      if [ "$u" != 0 ] || [ $((m & 01002)) = 2 ] || { [ "$g" != 0 ] && [ $((m & 01020)) = 16 ]; }; then echo "$n"; break; fi
    done)
    if [ -n "$u" ]; then printf "%s ${reason} '%s'" "$u" "$u" >&2; exit 1; fi
`;
}

/** `/etc`, `/etc/docker`; not the root folder, which in a container may be anybody's. */
function foldersDownTo(folder: string): string[] {
  const above = posix.dirname(folder);
  return above === folder ? [] : [...foldersDownTo(above), folder];
}
