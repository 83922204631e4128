import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { execa } from "execa";

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A certificate authority made by openssl in a folder: `<name>.crt`, `<name>.key`; returns its certificate. */
export async function makeAuthority(folder: string, name: string): Promise<string> {
  const files = ["-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.crt`)];
  await execa("openssl", ["req", "-x509", ...newKey, "-days", "30", "-subj", `/O=Test/CN=${name}`, ...files]);
  return readFile(join(folder, `${name}.crt`), "utf8");
}

/** A server certificate for one host, signed by an authority of the same folder: `server.crt`, `server.key`. */
export async function makeServerCertificate(folder: string, authority: string, host: string): Promise<void> {
  const extension = `subjectAltName=${isIP(host) ? "IP" : "DNS"}:${host}`;
  const issuer = ["-CA", join(folder, `${authority}.crt`), "-CAkey", join(folder, `${authority}.key`)];
  const files = ["-keyout", join(folder, "server.key"), "-out", join(folder, "server.crt")];
  const request = [...newKey, "-days", "30", "-subj", "/CN=server", "-addext", extension];
  await execa("openssl", ["req", "-x509", ...request, ...issuer, ...files]);
}
