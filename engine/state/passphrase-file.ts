import { statSync } from "node:fs";

/**
 * What is wrong with the rights of a file that holds a passphrase; undefined: nothing. A file of this user's own must be closed to
 * all others. Who may read another user's file is that user's choice (a secret that a service mounts is often 0444); others must not
 * be able to change it.
 */
export function passphraseFileProblem(file: string): string | undefined {
  if (process.platform === "win32") return undefined;
  const { mode, uid } = statSync(file);
  const open = mode & (uid === process.geteuid?.() ? 0o077 : 0o022);
  if (open === 0) return undefined;
  const others = (open & 0o022) !== 0 ? "others may change it" : "others may read it";
  return `${file} has mode ${(mode & 0o777).toString(8).padStart(4, "0")}, ${others}`;
}
