import { quoted } from "../../lib/processes/shell-word.ts";
import type { Node } from "../machines/node.ts";

/** Says what keeps a file from being replaced: a mount on it, or an attribute of it or of its folder. */
const script = `p=$1
while read -r _ _ _ _ mounted _; do [ "$mounted" != "$p" ] || echo mount; done < /proc/self/mountinfo
for each in "$p" "$(dirname "$p")"; do
  [ -e "$each" ] || continue
  flags=$(lsattr -d -- "$each" 2>/dev/null) || flags=
  case \${flags%% *} in *i*) echo "immutable $each" ;; *a*) echo "append $each" ;; *)
    if [ "$(id -u)" = 0 ] && [ ! -w "$each" ]; then echo "closed $each"; fi ;;
  esac
done`;

/** Why a file can't be replaced by this user, in words; undefined: nothing is known that keeps it. Nothing is changed. */
export async function replaceObstacle(node: Node, path: string): Promise<string | undefined> {
  const { stdout } = await node.run(["sh", "-c", script, "sh", path]);
  const [line = ""] = stdout.split("\n");
  const [what = "", ...rest] = line.split(" ");
  const where = rest.join(" ");
  switch (what) {
    case "mount":
      return `${path} is mounted by itself, so it can't be replaced. Mount its folder instead, or add the entries to it by hand.`;
    case "immutable":
      return `${where} is immutable (chattr +i). Type there: chattr -i ${quoted(where)}`;
    case "append":
      return `${where} can only be appended to (chattr +a). Type there: chattr -a ${quoted(where)}`;
    case "closed":
      return `${where} can't be written, not even by root: its file system is read-only, or it is immutable.`;
    default:
      return undefined;
  }
}
