import { isIP } from "node:net";
import type { IssuedCertificate, KeyBits } from "./issue-certificate.ts";
import { issueCertificate } from "./issue-certificate.ts";

export interface ServerCertificateRequest {
  /** DNS names (a wildcard label is allowed) and IP addresses, at least one. */
  hosts: readonly string[];
  keyBits: KeyBits;
  /** Milliseconds. */
  lifetime: number;
  now: Date;
  issuer: { certificatePem: string; privateKeyPem: string };
}

/** Types of a general name; source: RFC 5280, 4.2.1.6. */
const dnsName = 2;
const ipAddress = 7;

/** Makes a server certificate for hosts; each one is a subject alternative name of its own kind. */
export async function issueServerCertificate({
  hosts,
  ...request
}: ServerCertificateRequest): Promise<IssuedCertificate> {
  // A common name has 64 characters at most (RFC 5280, upper bounds); clients look at the alternative names only.
  const commonName = hosts.find((host) => host.length <= 64) ?? "registry";
  const altNames = [...new Set(hosts)].map((host) =>
    isIP(host) ? { type: ipAddress, ip: host } : { type: dnsName, value: host.toLowerCase() },
  );
  return await issueCertificate({
    ...request,
    commonName,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
}
