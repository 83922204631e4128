import { isUtf8 } from "node:buffer";
import { basename, posix } from "node:path";
import { quoted } from "../../../lib/processes/shell-word.ts";
import type { Node, NodeEntry, NodeFile } from "../node.ts";
import { largestFile, temporaryName } from "../node.ts";
import { unlessUnsafe } from "../safe-folder.ts";
import type { Shell } from "./shell.ts";

/** A node over a shell on it; it needs what POSIX and coreutils or busybox have. */
export function shellNode(shell: Shell): Node {
  const { uid, gid, home } = shell.user;
  /** @throws what the node said, with the path, where the script fails */
  const run = async (path: string, script: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await shell.run(script);
    if (exitCode === 0) return stdout.toString("utf8").trim();
    throw new Error(describe(path, stderr));
  };
  /** Lines that end a script where root must not write. */
  const guard = (folder: string, takesBack = true) => (uid === 0 ? unlessUnsafe(folder, { takesBack }) : "");
  const node: Node = {
    home,
    owner: `${uid}:${uid === 0 ? 0 : gid}`,
    look: (path) => look(shell, path),
    async list(folder) {
      const names = await run(folder, `ls -A -- ${quoted(folder)}`);
      return names === "" ? [] : names.split("\n");
    },
    write: async (path, file) => void (await run(path, guard(posix.dirname(path)) + writeScript(path, file))),
    remove: async (path) =>
      void (await run(path, `${guard(posix.dirname(path))}rm -f -- ${quoted(path)} ${quoted(temporaryName(path))}`)),
    async makeFolder(path) {
      const said = await run(
        path,
        `${guard(posix.dirname(path))}p=${quoted(path)}
        if e=$(mkdir -- "$p" 2>&1); then chown ${node.owner} "$p" && chmod 0755 "$p" && echo made
        elif [ -e "$p" ] || [ -L "$p" ]; then echo there
        else printf '%s' "$e" >&2; exit 1; fi`,
      );
      return said === "made";
    },
    async removeEmptyFolder(path) {
      const said = await run(
        path,
        `p=${quoted(path)}
        if [ ! -e "$p" ] && [ ! -L "$p" ] || e=$(rmdir -- "$p" 2>&1); then echo gone
        else case $e in
          *'not empty'*|*'xists'*|*busy*|*ermission*|*permitted*) echo kept ;;
          *) printf '%s' "$e" >&2; exit 1 ;;
        esac; fi`,
      );
      return said === "gone";
    },
    async writeObstacle(folder) {
      const said = await run(
        folder,
        `p=${quoted(folder)}
        while [ ! -e "$p" ] && [ "$p" != / ]; do p=\${p%/*} p=\${p:-/}; done
        if [ ! -w "$p" ] || [ ! -x "$p" ]; then printf 'no right to write in %s' "$p"; exit 0; fi
        ( ${guard(folder, false) || ":"} ) 2>&1 || :`,
      );
      return said === "" ? undefined : `${shell.name}: ${said}`;
    },
    async run([program = "", ...arguments_], seconds) {
      const { exitCode, stdout, stderr } = await shell.run([program, ...arguments_].map(quoted).join(" "), seconds);
      return { exitCode, stdout: stdout.toString("utf8"), stderr };
    },
  };
  return node;
}

async function look(shell: Shell, path: string): Promise<NodeEntry | undefined> {
  // What is certainly missing is told without a new process: most files are, at first, and on many nodes it is the processes that take time.
  const script = `p=${quoted(path)} d=$p
    while [ ! -e "$d" ] && [ ! -L "$d" ] && [ "$d" != / ]; do d=\${d%/*} d=\${d:-/}; done
    if [ "$d" != "$p" ] && [ -d "$d" ] && [ -x "$d" ]; then echo 'No such file' >&2; exit 1; fi
    s=$(stat -c '%F|%s|%a|%u:%g' -- "$p") || exit
    printf '%s\\n' "$s"
    n=\${s#*|}
    case $s in regular*) if [ "\${n%%|*}" -le ${largestFile} ]; then cat -- "$p"; fi ;; esac`;
  const { exitCode, stdout, stderr } = await shell.run(script);
  if (exitCode !== 0) {
    if (/No such file|Not a directory/.test(stderr)) return undefined;
    throw new Error(describe(path, stderr));
  }
  const end = stdout.indexOf("\n");
  const [kind = "", size, mode = "", owner = ""] = stdout.subarray(0, end).toString("latin1").split("|");
  if (kind === "directory") return { kind: "folder" };
  if (kind === "symbolic link") return { kind: "other", description: "a symbolic link" };
  if (!kind.startsWith("regular")) return { kind: "other", description: "a device, pipe or socket" };
  if (Number(size) > largestFile) return { kind: "other", description: "larger than 1 MiB" };
  const content = stdout.subarray(end + 1);
  if (!isUtf8(content) || content.includes(0)) return { kind: "other", description: "not a text file" };
  return { kind: "file", content: content.toString("utf8"), mode: mode.padStart(4, "0"), owner };
}

/**
 * As the local one: a temporary file that nobody else can read, on disk before it takes the place of the old one. `cat` says
 * why it can't write, which the shell's own printf does not.
 */
function writeScript(path: string, { content, mode, owner }: NodeFile): string {
  const bytes = Buffer.byteLength(content);
  return `p=${quoted(path)} t=${quoted(temporaryName(path))}
    rm -f -- "$t"
    if [ -d "$p" ]; then echo 'Is a directory' >&2; exit 1; fi
    umask 077; set -C
    printf '%s' ${quoted(content)} | cat > "$t" && [ "$(wc -c < "$t")" -eq ${bytes} ] &&
    chown ${owner} "$t" && chmod ${mode} "$t" && { sync "$t" 2>/dev/null || sync; } && mv -f -- "$t" "$p" ||
    { s=$?; rm -f -- "$t"; exit $s; }`;
}

/** The node's own words, without the program's name before them and with the path where it is missing. */
function describe(path: string, stderr: string): string {
  const line = stderr.trim().split("\n")[0] ?? "";
  const reason = line.replace(/^(sh: )?(line )?(\d+: )?(\w+: )?/, "").trim() || "it did not work";
  return reason.includes(basename(path)) || reason.includes(posix.dirname(path)) ? reason : `${path}: ${reason}`;
}
