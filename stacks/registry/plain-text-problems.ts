import { type Problem, pathText } from "../../lib/validation/describe-issues.ts";
import { isCollection, isSecretAt } from "../schema/schema-places.ts";
import { settings } from "../settings/settings.ts";

/** Texts that programs read which have variables of their own. */
const foreign =
  /^(container\.(labels|logs)|service\.(labels|files|logs)|storage\.volume\.driverOptions|registry\.validation)\b/;

/** `${NAME}` and what shells and Compose make of it; `$NAME` and `%NAME%` where they are all of a text. */
const variable = /\$\{[A-Za-z_]\w*(:?[-?+=][^}]*)?\}|^\$[A-Z_][A-Z0-9_]+$|^%[A-Z_][A-Z0-9_]+%$|^\$\(.+\)$/;

/** Templates, and the variables of PowerShell, of other formats and of CI systems, where they are all of a text. */
const template = /^\$?\{\{.*\}\}$|^\$env:\w+$|^\$\$?\{[A-Za-z_][\w.:-]*\}$/i;

/** The same where it is all of a text: a password may have such signs in it. */
const onlyVariable = new RegExp(`^(?:${variable.source})$`);

/**
 * What no schema sees: texts that were meant to be replaced by a variable, and the one name that JavaScript keeps for itself.
 * Says no more of a text than its place, as it may be a secret after all.
 */
export function plainTextProblems(given: Record<string, unknown>): Problem[] {
  return walk(given, []);
}

function walk(value: unknown, path: PropertyKey[]): Problem[] {
  if (typeof value === "string")
    return isMeantAsVariable(value, path, isSecretAt(settings, path)) ? [{ path: pathText(path), reason: taken }] : [];
  if (!isCollection(value)) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => walk(item, [...path, i]));
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, key];
    if (key === "__proto__")
      return [{ path: pathText(place), reason: "is a name that cannot be used here: choose another" }];
    const ofKey = isMeantAsVariable(key, path) ? [{ path: pathText(place), reason: taken }] : [];
    return [...ofKey, ...walk(inner, place)];
  });
}

function isMeantAsVariable(text: string, path: PropertyKey[], isSecret = false): boolean {
  // PEM text and the like: no variable has lines.
  const isOne = template.test(text) || (isSecret ? onlyVariable : variable).test(text);
  return !text.includes("\n") && isOne && !foreign.test(pathText(path));
}

const taken =
  "looks like a variable, and is taken as it stands: nothing replaces it. Write the value itself, encrypted if it is a secret";
