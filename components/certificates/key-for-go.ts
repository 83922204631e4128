import { privateKeyText, readPrivateKey } from "./read-pem.ts";

/** A PEM text with a key as Go reads it: at the start of a line, not behind a byte order mark. A text that it reads stays as it is. */
export function keyForGo(text: string): string {
  if (/(?<![^\n])-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----[ \t]*\r?\n/.test(text)) return text;
  const { value } = readPrivateKey(text);
  return value ? privateKeyText(value) : text;
}
