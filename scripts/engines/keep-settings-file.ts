import { existsSync, readFileSync, statSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { writeFileAtomically } from "../../lib/files/write-file-atomically.ts";

/**
 * Does work of the Pulumi CLI, which adds `encryptionsalt` to a settings file that has none, and puts the file back as it was, unless
 * another program changed it meanwhile. The state keeps the salt that its secrets need; a file needs one for secrets of its own only.
 */
export async function keepSettingsFile<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const result = await work();
  if (before === undefined || !existsSync(path)) return result;
  const after = readFileSync(path, "utf8");
  if (after !== before && differsBySalt(before, after))
    await writeFileAtomically(path, before, statSync(path).mode & 0o777);
  return result;
}

/** The CLI changes the layout, too, but no comment. */
function differsBySalt(before: string, after: string): boolean {
  try {
    const { encryptionsalt, ...rest } = parse(after) as Record<string, unknown>;
    const isSame =
      isDeepStrictEqual(asCliWrites(parse(before)), asCliWrites(rest)) &&
      isDeepStrictEqual(comments(before), comments(after));
    return encryptionsalt !== undefined && isSame;
  } catch {
    // Somebody is writing it.
    return false;
  }
}

/** Numbers and truth values of the top level are text in a file that the CLI has written. */
function asCliWrites(file: unknown): unknown {
  const { config, ...others } = (file ?? {}) as { config?: Record<string, unknown> | null };
  const entries = Object.entries(config ?? {}).map(([key, value]) => {
    return [key, typeof value === "number" || typeof value === "boolean" ? String(value) : value];
  });
  return { ...others, config: Object.fromEntries(entries) };
}

function comments(text: string): string[] {
  return (text.match(/#.*$/gm) ?? []).map((comment) => comment.trimEnd());
}
