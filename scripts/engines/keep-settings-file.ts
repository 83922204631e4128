import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";

/**
 * Does work of the Pulumi CLI, which adds `encryptionsalt` to a settings file that has none, and puts the file back as it was, unless
 * something else changed, too. The state keeps the salt that its secrets need; a file needs one for secrets of its own only.
 */
export async function keepSettingsFile<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const result = await work();
  if (before === undefined || !existsSync(path)) return result;
  const after = readFileSync(path, "utf8");
  if (after !== before && differsBySalt(before, after)) writeFileSync(path, before);
  return result;
}

function differsBySalt(before: string, after: string): boolean {
  try {
    const { encryptionsalt, ...rest } = parse(after) as Record<string, unknown>;
    return encryptionsalt !== undefined && isDeepStrictEqual(parse(before), rest);
  } catch {
    // Somebody is writing it.
    return false;
  }
}
