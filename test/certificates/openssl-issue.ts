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
  /** Further options of `openssl req`. */
  more?: string[];
  /** X.509 version 1, which has no extensions. Default: 3. */
  version?: 1;
}

/** Lets openssl make `<file>.crt` and `<file>.key` in a folder: certificates such as users bring, of other make than ours. */
export async function opensslIssue(folder: string, file: string, request: Request = {}): Promise<Pair> {
  const {
    subject = `/CN=${file}`,
    extensions = [],
    by,
    newKey = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    more = [],
  } = request;
  const paths = { certificate: join(folder, `${file}.crt`), key: join(folder, `${file}.key`) };
  const signer = by ? ["-CA", join(folder, `${by}.crt`), "-CAkey", join(folder, `${by}.key`)] : [];
  const added = extensions.flatMap((extension) => ["-addext", extension]);
  const output = ["-keyout", paths.key, "-out", paths.certificate];
  const given = ["-newkey", ...newKey, "-nodes", "-days", "30", "-subj", subject, ...added, ...more];
  if (request.version === 1) return await issueOld(paths, subject, signer);
  await execa("openssl", ["req", "-x509", "-config", "/dev/null", ...given, ...signer, ...output], { timeout: 20_000 });
  return await readPair(paths);
}

async function issueOld(paths: Pair, subject: string, signer: string[]): Promise<Pair> {
  const request = [
    "req",
    "-new",
    "-config",
    "/dev/null",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
  ];
  const { stdout } = await execa("openssl", [...request, "-subj", subject, "-keyout", paths.key]);
  const by = signer.length > 0 ? [...signer, "-CAcreateserial"] : ["-signkey", paths.key];
  await execa("openssl", ["x509", "-req", "-days", "30", ...by, "-out", paths.certificate], { input: stdout });
  return await readPair(paths);
}

async function readPair({ certificate, key }: Pair): Promise<Pair> {
  return { certificate: await readFile(certificate, "utf8"), key: await readFile(key, "utf8") };
}

export const authorityExtensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"];
