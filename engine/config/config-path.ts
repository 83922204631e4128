import { parsePath } from "../../lib/protocol/property-path.ts";

/** A place in a value of the configuration: `shop:users.moby.password`, `hosts[0]`, `labels["a.b"]`. */
export interface ConfigPath {
  /** With or without a namespace. */
  key: string;
  steps: (string | number)[];
}

/** @throws where it is no path, or begins with an index */
export function parseConfigPath(text: string): ConfigPath {
  const [key, ...steps] = parsePath(text);
  if (typeof key !== "string")
    throw new Error(`"${text}" is no path of a setting: begin with its key, as in hosts[0].`);
  return { key, steps };
}

/** Refuses what the CLI refuses, too. @param value what is there now, as plain data @throws where nothing can be put at the path */
export function checkPlace(value: unknown, { key, steps }: ConfigPath): void {
  let current = value ?? undefined;
  let place = key;
  for (const step of steps) {
    if (current !== undefined && !isCollection(current)) throw new Error(`${place} is neither a map nor a list.`);
    if (Array.isArray(current) && typeof step === "string") throw new Error(`${place} is a list: name an index.`);
    if (isCollection(current) && !Array.isArray(current) && typeof step === "number")
      throw new Error(`${place} is a map: name a key.`);
    if (typeof step === "number" && step > (Array.isArray(current) ? current.length : 0))
      throw new Error(`${place} has no place ${step}: the next one is ${Array.isArray(current) ? current.length : 0}.`);
    if (step === "secure" && Object.keys(current ?? {}).every((other) => other === "secure"))
      throw new Error(`${place}: a map with the key "secure" alone stands for an encrypted value.`);
    current = (current as Record<string | number, unknown> | undefined)?.[step] ?? undefined;
    place += typeof step === "number" ? `[${step}]` : `.${step}`;
    // What is encrypted is one value, whatever it looks like.
    if (isSecure(current)) current = "secret";
  }
}

/** What the CLI makes of text at a path: a truth value or a whole number where it reads as one, unless zeros lead. */
export function typedValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return /^(0|[1-9]\d*|[+-]\d+)$/.test(text) && Number.isSafeInteger(number) ? number : text;
}

export function isCollection(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isSecure(value: unknown): boolean {
  return isCollection(value) && "secure" in value && Object.keys(value).length === 1;
}
