import { X509Certificate } from "node:crypto";

/** The certificates in a PEM text, in order; text around them is skipped, as Go's TLS does. */
export function pemCertificates(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Why the text can't be a file of certificate authorities; undefined: it can. */
export function certificateProblem(text: string): string | undefined {
  if (text.includes("PRIVATE KEY-----")) return "holds a private key";
  try {
    return pemCertificates(text).length > 0 ? undefined : "holds no certificate";
  } catch {
    return "holds a certificate that can't be read";
  }
}

/** Whether both texts hold the same certificates in the same order. */
export function sameCertificates(a: string, b: string): boolean {
  if (certificateProblem(a) || certificateProblem(b)) return a === b;
  const fingerprints = (text: string) => pemCertificates(text).map((certificate) => certificate.fingerprint256);
  return fingerprints(a).join() === fingerprints(b).join();
}

/** `holds the certificate "CN=Example CA", valid until 2030-01-31`, or why it holds none. */
export function describeCertificates(text: string): string {
  const problem = certificateProblem(text);
  if (problem) return problem;
  const each = pemCertificates(text).map(
    ({ subject, validToDate }) =>
      `"${(subject ?? "no subject").replaceAll("\n", ", ")}", valid until ${validToDate.toISOString().slice(0, 10)}`,
  );
  return each.length === 1
    ? `holds the certificate ${each[0]}`
    : `holds ${each.length} certificates: ${each.join("; ")}`;
}

/** When the first of the certificates in a PEM text ends. */
export function earliestEnd(text: string): Date {
  return new Date(Math.min(...pemCertificates(text).map(({ validToDate }) => validToDate.getTime())));
}
