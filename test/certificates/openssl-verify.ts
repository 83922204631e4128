import { writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { execa } from "execa";

/** What `openssl verify -x509_strict` says of a certificate for one host: "OK" or its complaint. */
export async function opensslVerify(
  folder: string,
  pem: { certificate: string; authority: string },
  host: string,
): Promise<string> {
  const files = { certificate: join(folder, "certificate.pem"), authority: join(folder, "authority.pem") };
  await Promise.all([writeFile(files.certificate, pem.certificate), writeFile(files.authority, pem.authority)]);
  const name = [isIP(host) ? "-verify_ip" : "-verify_hostname", host];
  const { failed, all } = await execa(
    "openssl",
    ["verify", "-x509_strict", "-purpose", "sslserver", ...name, "-CAfile", files.authority, files.certificate],
    { reject: false, all: true, timeout: 20_000 },
  );
  return failed ? all : "OK";
}
