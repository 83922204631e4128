import { execa } from "execa";

/** A certificate that nobody has signed, and its key, as PEM. */
export async function selfSigned(): Promise<[certificate: string, key: string]> {
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=registry"];
  const { stdout } = await execa("openssl", [...request, "-keyout", "-", "-out", "-"]);
  const blocks = stdout.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  const [key = "", certificate = ""] = blocks;
  return [`${certificate}\n`, `${key}\n`];
}
