import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

export interface Pair {
  certificate: string;
  key: string;
}

export interface Request {
  /** Subject; default `/CN=<file>`. */
  subject?: string;
  /** As after `-addext`: `subjectAltName=DNS:a.test`. */
  extensions?: string[];
  /** What follows `-newkey`; default: EC on P-256. */
  newKey?: string[];
  /** File name of the authority that signs, made in the same folder before; default: the certificate's own key. */
  by?: string;
}

/** Lets openssl make `<file>.crt` and `<file>.key` in a folder: certificates such as users bring, of other make than ours. */
export async function opensslIssue(folder: string, file: string, request: Request = {}): Promise<Pair> {
  const {
    subject = `/CN=${file}`,
    extensions = [],
    by,
    newKey = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  } = request;
  const paths = { certificate: join(folder, `${file}.crt`), key: join(folder, `${file}.key`) };
  const signer = by ? ["-CA", join(folder, `${by}.crt`), "-CAkey", join(folder, `${by}.key`)] : [];
  const added = extensions.flatMap((extension) => ["-addext", extension]);
  const output = ["-keyout", paths.key, "-out", paths.certificate];
  const given = ["-newkey", ...newKey, "-nodes", "-days", "30", "-subj", subject, ...added];
  await execa("openssl", ["req", "-x509", "-config", "/dev/null", ...given, ...signer, ...output], { timeout: 20_000 });
  return { certificate: await readFile(paths.certificate, "utf8"), key: await readFile(paths.key, "utf8") };
}

export const authorityExtensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"];
