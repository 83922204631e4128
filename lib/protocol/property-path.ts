import { isObject, isSecret, makeSecret, type PropertyMap, type PropertyValue } from "./property-value.ts";

/** A step into a value: a key, an index, or `*` for all of them. */
export type PropertyPath = (string | number)[];

/**
 * Parses a property path as Pulumi writes them: `root.nested`, `root["key with.dots"]`, `list[0].name`, `list[*]`.
 * @throws where brackets or quotes are not closed.
 */
export function parsePath(text: string): PropertyPath {
  const path = tryParse(text);
  if (!path) throw new Error(`"${text}" is no property path; write it like a.b[0]["c d"].`);
  return path;
}

function tryParse(text: string): PropertyPath | undefined {
  const path: PropertyPath = [];
  let rest = text;
  while (rest !== "") {
    const match = /^\.?([^.[\]"]+)|^\[(\d+)\]|^\[(\*)\]|^\.?\["((?:[^"\\]|\\.)*)"\]/.exec(rest);
    if (!match) return undefined;
    const [all, key, index, wildcard, quoted] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(key ?? wildcard ?? (quoted ?? "").replace(/\\(.)/g, "$1"));
    rest = rest.slice(all.length);
  }
  return path;
}

/** The top-level property that a path begins at. */
export function topLevel(path: string): string {
  return String(parsePath(path)[0]);
}

/** Renders a path so that {@link parsePath} reads it back. */
export function formatPath(path: PropertyPath): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (/^[^.[\]"\s]+$/.test(step)) return index === 0 ? step : `.${step}`;
      return `["${step.replace(/["\\]/g, "\\$&")}"]`;
    })
    .join("");
}

/** Whether `path` is what `pattern` names, or lies inside it. */
export function contains(pattern: PropertyPath, path: PropertyPath): boolean {
  return path.length >= pattern.length && pattern.every((step, i) => step === "*" || step === path[i]);
}

/**
 * A copy of `target` in which what `path` names is as it is in `source`: the same value, or absent. A list keeps
 * its own length: an index that only `source` has is left out.
 */
export function copyAt(source: PropertyValue | undefined, target: PropertyValue, path: PropertyPath): PropertyValue {
  const [step, ...rest] = path;
  if (step === undefined) return source ?? target;
  const from = isSecret(source) ? source.value : source;
  if (isSecret(target)) return makeSecret(copyAt(from, target.value ?? null, path));
  if (Array.isArray(target)) {
    const items = Array.isArray(from) ? from : [];
    return target.map((item, i) =>
      (step === "*" || step === i) && items[i] !== undefined ? copyAt(items[i], item, rest) : item,
    );
  }
  if (!isObject(target)) return target;
  const values = isObject(from) ? from : {};
  const keys = step === "*" ? [...new Set([...Object.keys(target), ...Object.keys(values)])] : [String(step)];
  const copy: PropertyMap = { ...(target as PropertyMap) };
  for (const key of keys) {
    const [old, current] = [values[key], target[key]];
    if (rest.length === 0 || current === undefined) {
      if (old === undefined) delete copy[key];
      else copy[key] = old;
    } else {
      copy[key] = copyAt(old, current, rest);
    }
  }
  return copy;
}

/** The new inputs with the old values where changes are ignored; what is no path ignores nothing, as with Pulumi. */
export function withoutIgnored(old: PropertyMap, current: PropertyMap, ignoreChanges: string[]): PropertyMap {
  const paths = ignoreChanges.map((text) => tryParse(text) ?? []).filter(({ length }) => length > 0);
  return paths.reduce((inputs, path) => copyAt(old, inputs, path) as PropertyMap, current);
}
