/** From this length on a secret cannot be a part of an ordinary word. */
const unmistakable = 16;

/**
 * Where in a document a secret is readable: `Config.Env[2] (REGISTRY_HTTP_SECRET)`, never the secret. Looks in all keys
 * and strings, for each secret as it is, in base64, URL-encoded and re-wrapped; passes over those that are too short.
 */
export function findSecrets(document: unknown, secrets: string[]): string[] {
  const patterns = secrets.flatMap(patternsOf);
  const places = stringsOf(document)
    .filter(({ value }) => patterns.some((pattern) => pattern.test(value) || pattern.test(unwrapped(value))))
    .map(({ place }) => hideSecrets(place, secrets));
  return [...new Set(places)];
}

/** A text without the secrets in it: the last defence for error messages that others wrote. */
export function hideSecrets(text: string, secrets: string[]): string {
  const patterns = secrets.flatMap(patternsOf);
  return patterns.reduce((hidden, pattern) => hidden.replace(new RegExp(pattern, "gu"), "(hidden)"), text);
}

/** Whether a secret is too short to be looked for: it would be found in ordinary words. */
export function isTooShort(secret: string): boolean {
  return secret.length < 6;
}

function patternsOf(secret: string): RegExp[] {
  if (isTooShort(secret)) return [];
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  const forms = [
    secret,
    unwrapped(secret),
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
    urlEncoded(secret),
  ];
  return [...new Set(forms)]
    .filter((form) => !isTooShort(form))
    .map((form) => {
      const literal = form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return new RegExp(form.length < unmistakable ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal, "u");
    });
}

function urlEncoded(secret: string): string {
  return encodeURIComponent(secret.toWellFormed());
}

/** Keys and hashes also travel with other line ends, or with none. */
function unwrapped(value: string): string {
  return value.replace(/\\n|\s/g, "");
}

interface Place {
  place: string;
  value: string;
}

function stringsOf(value: unknown, place = ""): Place[] {
  if (typeof value === "string") return [{ place: place + variableName(value), value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => stringsOf(item, `${place}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = place ? `${place}.${key}` : key;
    return [{ place: path, value: key }, ...stringsOf(inner, path)];
  });
}

function variableName(value: string): string {
  const name = /^([A-Za-z_]\w*)=/.exec(value)?.[1];
  return name ? ` (${name})` : "";
}
