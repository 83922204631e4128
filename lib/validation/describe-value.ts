/** A value as a message shows it: one line, shortened, without a password in a web address. Never for a secret. */
export function describeValue(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a section with keys of its own";
  if (typeof value === "string") return JSON.stringify(shorten(withoutUser(value)));
  return String(value);
}

/** What sort of value it is, where the value itself must not be shown. */
export function describeKind(value: unknown): string {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "a number";
  return typeof value === "boolean" ? "true or false" : describeValue(value);
}

const longest = 60;

function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** `https://user:password@host` and `user:password@host`, as people paste them. */
function withoutUser(text: string): string {
  return text.replace(/(^|\/\/)[^/@\s]*:[^/@\s]*@/g, "$1***@");
}
