/** A setting's value: objects and lists come as JSON text, from an engine and from `pulumi config set`; all else as it is. */
export function fromJsonText(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
