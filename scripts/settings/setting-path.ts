import { distance } from "fastest-levenshtein";
import { parseConfigPath, typedValue } from "../../engine/config/config-path.ts";
import { formatPath } from "../../lib/protocol/property-path.ts";
import { secretPaths } from "../../stacks/loading/secret-paths.ts";
import { settings } from "../../stacks/settings/settings.ts";
import type { JsonSchema } from "../documentation/settings-schema.ts";
import { settingsSchema } from "../documentation/settings-schema.ts";
import { projectName } from "../project/project-name.ts";
import { UserError } from "../terminal/user-error.ts";

/** A place in the settings: `["users", "gordon", "password"]`. */
export type SettingPath = [key: string, ...steps: (string | number)[]];

/** Reads `users.gordon.password`, `hosts[0]`, `users["it's.me"]`, with or without the project's name. @throws {UserError} where no setting is there */
export function parseSettingPath(text: string): SettingPath {
  const path = parse(text);
  const known = walk(settingsSchema(), path, []);
  if (known === undefined) return path;
  const nearest = known.names.toSorted((a, b) => distance(a, known.wrong) - distance(b, known.wrong)).slice(0, 3);
  if (known.names.length === 0)
    throw new UserError(
      `${formatPath(known.place)} has no part ${JSON.stringify(known.wrong)}: it is a list or a single value.`,
    );
  const place = known.place.length > 0 ? `${formatPath(known.place)} has no setting` : "There is no setting";
  throw new UserError(`${place} "${known.wrong}". The nearest: ${nearest.join(", ")}. All of them: docs/settings.md.`);
}

/** The path as the engines read it. */
export function pathText(path: SettingPath): string {
  return `${projectName}:${formatPath(path)}`;
}

/** Whether a setting belongs encrypted. */
export function isSecretSetting(path: SettingPath): boolean {
  const [key, ...steps] = path;
  const value = steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), "x");
  return secretPaths(key, value).some((found) => found.join("\0") === path.join("\0"));
}

/** A value as it was typed: a number or a truth value where it reads as one, a list or map as JSON text. */
export function typed(text: string): unknown {
  if (/^[[{]/.test(text.trim())) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // It is text then; the preview says whether it may be.
    }
  }
  return typedValue(text);
}

function parse(text: string): SettingPath {
  try {
    const { key, steps } = parseConfigPath(
      text.startsWith(`${projectName}:`) ? text.slice(projectName.length + 1) : text,
    );
    return [key, ...steps];
  } catch (error) {
    throw new UserError(`${(error as Error).message} For example: port, users.gordon.password, hosts[0]`);
  }
}

interface Unknown {
  place: (string | number)[];
  wrong: string;
  names: string[];
}

/** Undefined: there is such a setting. */
function walk(
  schema: JsonSchema,
  [step, ...rest]: (string | number)[],
  place: (string | number)[],
): Unknown | undefined {
  if (step === undefined) return undefined;
  const branches = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const inner = branches.flatMap(({ properties, additionalProperties, items, anyOf, oneOf }) => [
    ...(properties && Object.hasOwn(properties, step) ? [properties[step] as JsonSchema] : []),
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
    ...(typeof step === "number" && items ? [items] : []),
    ...[...(anyOf ?? []), ...(oneOf ?? [])].flatMap((branch) => branch.properties?.[step] ?? []),
  ]);
  if (inner.length > 0) {
    const found = inner.map((next) => walk(next, rest, [...place, step]));
    return found.includes(undefined) ? undefined : found[0];
  }
  const names = branches.flatMap(({ properties = {} }) => Object.keys(properties));
  return { place, wrong: String(step), names: place.length === 0 ? Object.keys(settings.shape) : names };
}
