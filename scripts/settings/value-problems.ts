import { formatPath } from "../../lib/protocol/property-path.ts";
import { interpret } from "../../stacks/loading/interpret.ts";
import { schemaProblems } from "../../stacks/loading/schema-problems.ts";
import { settings } from "../../stacks/settings/settings.ts";
import type { SettingPath } from "./setting-path.ts";

/**
 * Why a setting cannot have a value, in the words of `up`. Only what is wrong with the value itself: what another setting rules out, or
 * what is still missing beside it, may be set next.
 */
export function valueProblems([key, ...steps]: SettingPath, value: unknown): ReturnType<typeof schemaProblems> {
  if (!Object.hasOwn(settings.shape, key)) return [];
  const section = steps.reduceRight<unknown>((inner, step) => {
    return typeof step === "number" ? [...Array<unknown>(step), inner] : { [step]: inner };
  }, value);
  const text = typeof section === "object" ? JSON.stringify(section) : String(section);
  const given = { [key]: interpret(text, settings.shape[key as keyof typeof settings.shape]) };
  const result = settings.safeParse(given);
  if (result.success) return [];
  const place = formatPath([key, ...steps]);
  return schemaProblems(result.error, given).filter(({ path }) => isWithin(path, place));
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}
