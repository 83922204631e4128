import { readCertificates } from "./read-pem.ts";

/** A block as Go finds it: at the start of a line, under that very name, without headers. */
const block = /(?<![^\n])-----BEGIN CERTIFICATE-----[ \t]*\r?\n[A-Za-z0-9+/=\s]+\n-----END CERTIFICATE-----/g;

/**
 * A PEM text with certificates as Go's `AppendCertsFromPEM` reads all of them, which says nothing of those that it leaves out: one
 * with a byte order mark before it, or indented. A text that it reads stays as it is.
 */
export function certificatesForGo(text: string): string {
  const { value } = readCertificates(text);
  if (!value || text.match(block)?.length === value.length) return text;
  return value.map(String).join("");
}
