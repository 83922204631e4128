/** Has one instance, {@link unknown}. A class and no symbol: TypeScript widens the type of a symbol when it is copied. */
class Unknown {
  readonly #mark = "unknown";
  toString() {
    return this.#mark;
  }
}

/** Stands for what only an `up` will know; a rule says nothing about it. */
export const unknown = new Unknown();

/** A property as a rule sees it: secrets in plain text, what is not known yet as {@link unknown}. */
export type Value = null | boolean | number | string | Unknown | Value[] | Properties;
export interface Properties {
  [name: string]: Value;
}

/** The value at a path; undefined where there is none, {@link unknown} where something on the way is not known yet. */
export function at(value: Value | undefined, ...path: (string | number)[]): Value | undefined {
  let current = value;
  for (const step of path) {
    if (current === unknown) return unknown;
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as Properties)[step];
  }
  return current ?? undefined;
}

/** The items of a list of objects; anything else has none. */
export function objects(value: Value | undefined): Properties[] {
  return Array.isArray(value) ? value.filter(isProperties) : [];
}

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && value !== unknown && !Array.isArray(value);
}

/** Text, or nothing. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Every piece of text inside a value, with its path: `taskSpec.env.TOKEN`. */
export function textsIn(value: Value | undefined, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, i) => textsIn(item, `${path}[${i}]`));
  if (!isProperties(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, path ? `${path}.${key}` : key));
}
