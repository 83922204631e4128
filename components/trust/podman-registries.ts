import { posix } from "node:path";
import { quoted } from "../../lib/processes/shell-word.ts";
import type { Node } from "../machines/node.ts";
import type { GoalFile } from "./trust-goal.ts";

/** A `[[registry]]` of a registries.conf, as far as it matters here. */
interface RegistryTable {
  file: string;
  /** What image names it holds for: `docker.io`, `*.example.com`. */
  prefix: string;
  /** Everything that goes with it where another table takes its place, in its own words: `blocked = true`. */
  lines: string[];
}

const bytesOfOne = 256 * 1024;

/**
 * Why podman and CRI-O must not get drop-ins on this node, one sentence each. Of all `[[registry]]` tables for an image they use one, the one
 * with the longest prefix, of several with the same prefix that of the last file: nothing is merged. So a drop-in of the kit's would
 * cancel what the node says of that registry, or have no effect. Source: containers-registries.conf(5).
 */
export async function podmanConflicts(node: Node, files: readonly GoalFile[]): Promise<string[]> {
  const dropIns = files.filter(({ path }) => posix.basename(posix.dirname(path)) === "registries.conf.d");
  const [first] = dropIns;
  if (!first) return [];
  const bases = [...new Set(["/etc/containers", posix.dirname(posix.dirname(first.path))])];
  const theirs = await readTables(node, bases);
  return dropIns.flatMap(({ path, content = "" }) =>
    tablesIn(content, path).flatMap((ours) =>
      theirs
        .filter((table) => covers(table.prefix, ours.prefix))
        .map((table) => ({ table, lost: table.lines.filter((line) => !ours.lines.includes(line)) }))
        .filter(({ lost }) => lost.length > 0)
        .map(
          ({ table, lost }) =>
            `${table.file} has a [[registry]] for ${table.prefix} (${lost.join(", ")}), which podman would not merge with ${path}: ` +
            `it uses one of the two. Move it away, or take ${ours.prefix} out of hosts or mirrors.`,
        ),
    ),
  );
}

async function readTables(node: Node, bases: string[]): Promise<RegistryTable[]> {
  const names = bases.flatMap((base) => [
    `${quoted(base)}/registries.conf`,
    `${quoted(base)}/registries.conf.d/*.conf`,
  ]);
  const script = `for f in ${names.join(" ")}; do
    case \${f##*/} in registry-kit-*) continue ;; esac
    if [ -f "$f" ]; then printf '\\n\\001%s\\n' "$f"; head -c ${bytesOfOne} "$f"; fi
  done`;
  const { stdout } = await node.run(["sh", "-c", script]);
  return stdout
    .split("\n\u0001")
    .slice(1)
    .flatMap((text) => {
      const end = text.indexOf("\n");
      return tablesIn(text.slice(end + 1), text.slice(0, end));
    });
}

/** The tables of a file; each assignment is one line, as everybody writes them. */
export function tablesIn(text: string, file: string): RegistryTable[] {
  const [, ...tables] = text.split(/^[ \t]*\[\[[ \t]*registry[ \t]*\]\].*$/m);
  return tables.map((table) => {
    // A table of another kind ends it; those of its mirrors do not.
    const [own = ""] = table.split(/^[ \t]*\[(?!\[[ \t]*registry[ \t]*\.[ \t]*mirror[ \t]*\]\])/m);
    const [main = "", ...mirrors] = own.split(/^[ \t]*\[\[.*\]\].*$/m);
    const values = new Map(assignments(main));
    const location = values.get("location") ?? "";
    const prefix = values.get("prefix") ?? location;
    const flags = ["blocked", "insecure", "mirror-by-digest-only"].filter((key) => values.get(key) === "true");
    const places = mirrors.flatMap((mirror) => new Map(assignments(mirror)).get("location") ?? []);
    const lines = [
      ...flags.map((key) => `${key} = true`),
      ...(location !== "" && location !== prefix ? [`location = ${location}`] : []),
      ...places.map((place) => `mirror ${place}`),
    ];
    return { file, prefix, lines };
  });
}

function assignments(text: string): [string, string][] {
  return [...text.matchAll(/^[ \t]*"?([\w-]+)"?[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|(\w+))/gm)].map(
    ([, key = "", double, single, bare]) => [key, double ?? single ?? bare ?? ""],
  );
}

/** Whether a table with that prefix holds for images of the registry; a longer prefix would go before. */
function covers(prefix: string, registry: string): boolean {
  if (prefix.startsWith("*.")) return registry.replace(/:\d+$/, "").endsWith(prefix.slice(1));
  return prefix === registry || registry.startsWith(`${prefix}:`);
}
