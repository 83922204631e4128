import { existsSync, lstatSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { pemCertificates } from "../../components/trust/pem-certificates.ts";

/** How clients name a registry: a folder of certs.d. An IPv6 address has brackets; 443 is no part of the name. */
const registryFolder = /^([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/;

/**
 * Removes the `ca.crt` of a stack, and its folder where that is empty then. The path comes from a label, so it is only
 * a hint: the file goes only if it is `<folder>/<host:port>/ca.crt`, no symbolic link leads there, and it holds the
 * authority that issued the stack's own server certificate.
 *
 * @param serverCertificate PEM of what the stack's registry serves; undefined: not known, and every file is left
 * @param report says which file is left, and why
 */
export function removeAuthorityFile(
  file: string,
  serverCertificate: string | undefined,
  report: (line: string) => void,
): void {
  try {
    const problem = pathProblem(file) ?? contentProblem(file, serverCertificate);
    if (problem) report(`${file} is left: ${problem}.`);
    else removeWithFolder(file);
  } catch (error) {
    report(`${file} is left: ${(error as Error).message}`);
  }
}

function contentProblem(file: string, serverCertificate: string | undefined): string | undefined {
  if (!existsSync(file)) return undefined;
  if (!serverCertificate)
    return "the stack's server certificate cannot be read, so nothing shows which stack the file belongs to";
  const issued = pemCertificates(serverCertificate);
  const authorities = pemCertificates(readFileSync(file, "utf8"));
  // One with others beside it is not the stack's alone.
  const isOwn =
    authorities.length > 0 &&
    authorities.every(({ publicKey }) => issued.some((certificate) => certificate.verify(publicKey)));
  return isOwn ? undefined : "it is not the authority of that stack";
}

function removeWithFolder(file: string): void {
  if (!existsSync(file)) return;
  rmSync(file);
  // containerd's, which leads to that file.
  const hosts = join(dirname(file), "hosts.toml");
  if (isPlain(hosts, "isFile") && readFileSync(hosts, "utf8").includes(JSON.stringify(file))) rmSync(hosts);
  if (readdirSync(dirname(file)).length === 0) rmdirSync(dirname(file));
}

function pathProblem(file: string): string | undefined {
  const folder = dirname(file);
  if (!file.startsWith("/") || normalize(file) !== file || basename(file) !== "ca.crt")
    return "it is not the ca.crt of a registry";
  if (!registryFolder.test(basename(folder))) return `"${basename(folder)}" is not the name of a registry`;
  if (!existsSync(file)) return undefined;
  if (!isPlain(folder, "isDirectory") || !isPlain(file, "isFile")) return "a symbolic link leads there";
  return undefined;
}

/** Whether it is there, of that kind, and no link. */
function isPlain(path: string, kind: "isFile" | "isDirectory"): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.[kind]() ?? false;
}
