import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Certificate and private key, both PEM. */
export interface TestCertificate {
  certificate: string;
  key: string;
}

// Elliptic curves: a test makes many keys.
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A certificate authority made by openssl, good for two days. */
export async function makeTestAuthority(name = "Test authority"): Promise<TestCertificate> {
  return inFolder(async (folder) => {
    await openssl(folder, [
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      "key",
      "-out",
      "crt",
      "-subj",
      `/CN=${name}`,
      "-days",
      "2",
    ]);
    return read(folder);
  });
}

/** A server certificate made by openssl; `days` below zero: one that has expired. */
export async function issueTestCertificate(
  authority: TestCertificate,
  hosts: string[],
  { days = 1 } = {},
): Promise<TestCertificate> {
  return inFolder(async (folder) => {
    const names = hosts.map((host) => `${isIP(host) ? "IP" : "DNS"}:${host}`).join(",");
    const request = ["req", ...newKey, "-keyout", "key", "-out", "csr", "-subj", "/CN=test registry"];
    await openssl(folder, [...request, "-addext", `subjectAltName=${names}`]);
    await writeFile(join(folder, "ca.crt"), authority.certificate);
    await writeFile(join(folder, "ca.key"), authority.key, { mode: 0o600 });
    const issuer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-copy_extensions", "copy"];
    await openssl(folder, ["x509", "-req", "-in", "csr", ...issuer, "-days", String(days), "-out", "crt"]);
    return read(folder);
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "registry-kit-test-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openssl(folder: string, parameters: string[]): Promise<void> {
  await execa("openssl", parameters, { cwd: folder, timeout: 30_000 });
}

async function read(folder: string): Promise<TestCertificate> {
  const [certificate, key] = await Promise.all(["crt", "key"].map((name) => readFile(join(folder, name), "utf8")));
  return { certificate: certificate ?? "", key: key ?? "" };
}
