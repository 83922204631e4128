/** A value in single quotes: one word of a POSIX shell, whatever it holds. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** A value as one word of a POSIX shell, for people: in quotes only where it needs them. */
export function shellWord(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : quoted(value);
}
