import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** PEM of a server certificate that openssl signs with its own key. @param key `rsa:BITS` or the name of a curve */
export async function opensslCertificate({ days, key }: { days: number; key: string }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "registry-kit-certificate-"));
  try {
    const kind = key.startsWith("rsa:") ? ["-newkey", key] : ["-newkey", "ec", "-pkeyopt", `ec_paramgen_curve:${key}`];
    const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "certificate.pem")];
    const server = ["-subj", "/CN=localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
    await execa("openssl", ["req", "-x509", "-nodes", "-days", String(days), ...kind, ...files, ...server], {
      timeout: 30_000,
    });
    return await readFile(join(folder, "certificate.pem"), "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
