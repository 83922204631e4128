import { lchown, lstat, stat } from "node:fs/promises";
import { posix } from "node:path";
import { quoted } from "../../lib/processes/shell-word.ts";

/**
 * Root writes only where no other user can put a link in the way: every folder above a file is root's, and nobody else can write in it,
 * but for folders like /tmp, where users can change only what is theirs. As `safe_path` of OpenSSH does it.
 *
 * One folder may be a user's: that of a registry in certs.d, which `grantCommand` gives away. Root takes it back before it writes there.
 * Nobody else can move that folder, as those above it are root's, and nobody else can change what is in it from then on.
 */
const reason =
  "can be changed by a user who is not root, who could lead root's writes elsewhere. Give it to root: chown root:root";

/** On this machine, why root must not write below a folder; undefined: it may. */
export async function unsafeFolder(folder: string): Promise<string | undefined> {
  const unsafe = await firstUnsafe(folder);
  if (unsafe === undefined || (unsafe === folder && (await isGiven(folder)))) return undefined;
  return `${unsafe} ${reason} ${quoted(unsafe)}`;
}

/** On this machine, makes sure that root may write below a folder. @throws where it must not */
export async function makeSafe(folder: string): Promise<void> {
  const problem = await unsafeFolder(folder);
  if (problem) throw new Error(problem);
  // What was there and is undefined here, was given.
  if ((await firstUnsafe(folder)) === folder) await lchown(folder, 0, 0);
}

/**
 * The same as lines of a shell script, for root's shell: they end it with exit code 1, and say why.
 * @param takesBack false: a look alone, which changes nothing
 */
export function unlessUnsafe(folder: string, { takesBack }: { takesBack: boolean }): string {
  const folders = foldersDownTo(folder).map(quoted).join(" ");
  if (folders === "") return "";
  const given = `[ "$u" = ${quoted(folder)} ] && [ -d "$u" ] && [ ! -L "$u" ] && [ $((0$(stat -c %a -- "$u") & 022)) = 0 ]`;
  const takeBack = `if ${given}; then ${takesBack ? 'chown -h 0:0 -- "$u" || exit; ' : ""}u=; fi`;
  return `u=$(for f in ${folders}; do
      [ ! -L "$f" ] || [ "$(stat -c %u -- "$f")" = 0 ] || { echo "$f"; break; }
      s=$(stat -L -c '%u %g %a' -- "$f" 2>/dev/null) || break
      m=\${s##* } g=\${s% *} g=\${g#* } m=$((0$m))
      if [ "\${s%% *}" != 0 ] || [ $((m & 01002)) = 2 ] || { [ "$g" != 0 ] && [ $((m & 01020)) = 16 ]; }; then echo "$f"; break; fi
    done)
    ${isInCertificates(folder) ? takeBack : ":"}
    if [ -n "$u" ]; then printf "%s ${reason} '%s'" "$u" "$u" >&2; exit 1; fi
`;
}

/** The outermost folder that a user other than root can change. */
async function firstUnsafe(folder: string): Promise<string | undefined> {
  for (const each of foldersDownTo(folder)) {
    const link = await lstat(each).catch(() => undefined);
    // In a folder like /tmp it is its owner who says where it leads.
    if (link?.isSymbolicLink() && link.uid !== 0) return each;
    const stats = await stat(each).catch(() => undefined);
    if (!stats) return undefined;
    const { uid, gid, mode } = stats;
    const isShared = (mode & 0o1002) === 0o2 || (gid !== 0 && (mode & 0o1020) === 0o20);
    if (uid !== 0 || isShared) return each;
  }
  return undefined;
}

/** A folder as `install -d -o USER` makes it. */
async function isGiven(folder: string): Promise<boolean> {
  if (!isInCertificates(folder)) return false;
  const stats = await lstat(folder).catch(() => undefined);
  return stats?.isDirectory() === true && (stats.mode & 0o022) === 0;
}

function isInCertificates(folder: string): boolean {
  return posix.basename(posix.dirname(folder)) === "certs.d";
}

/** `/etc`, `/etc/docker`; not the root folder, which in a container may be anybody's. */
function foldersDownTo(folder: string): string[] {
  const above = posix.dirname(folder);
  return above === folder ? [] : [...foldersDownTo(above), folder];
}
