import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/** A certificate that the user brings, as PEM text. */
export interface ProvidedPems {
  certificatePem: string;
  privateKeyPem: string;
  /** Intermediate certificates in order, the authority's (self-signed) last. */
  chainPem: string;
}

export interface ProvidedProblem {
  property: keyof ProvidedPems;
  /** Never holds a part of the key. */
  reason: string;
}

const smallestKeyBits = 2048;

/** Everything that keeps a provided certificate from working for these hosts now; empty: it fits. */
export function checkProvidedCertificate(pems: ProvidedPems, hosts: readonly string[], now: Date): ProvidedProblem[] {
  const problems: ProvidedProblem[] = [];
  const certificate = read(pems.certificatePem, "certificatePem", problems)[0];
  const chain = read(pems.chainPem, "chainPem", problems);
  problems.push(...keyProblems(pems.privateKeyPem, certificate));
  if (certificate) {
    problems.push(
      ...hostProblems(certificate, hosts),
      ...dateProblems("certificatePem", certificate, now),
      ...strengthProblems(certificate),
    );
    problems.push(
      ...chain.flatMap((link) => dateProblems("chainPem", link, now)),
      ...chainProblems([certificate, ...chain]),
    );
  }
  return problems;
}

/** The certificates of a PEM text, in order. */
export function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)?.map((text) => `${text}\n`) ?? [];
}

function read(pem: string, property: keyof ProvidedPems, problems: ProvidedProblem[]): X509Certificate[] {
  const texts = splitPem(pem);
  if (texts.length === 0)
    problems.push({ property, reason: "holds no PEM certificate (-----BEGIN CERTIFICATE-----)." });
  return texts.flatMap((text, i) => {
    try {
      return new X509Certificate(text);
    } catch {
      problems.push({ property, reason: `holds a certificate, number ${i + 1}, that can't be read.` });
      return [];
    }
  });
}

function keyProblems(pem: string, certificate: X509Certificate | undefined): ProvidedProblem[] {
  const property = "privateKeyPem";
  if (/ENCRYPTED/.test(pem)) {
    return [
      {
        property,
        reason: "is encrypted with a passphrase; a registry can't ask for one. Decrypt it: openssl pkey -in FILE.",
      },
    ];
  }
  try {
    const key = createPrivateKey(pem);
    if (!certificate || certificate.checkPrivateKey(key)) return [];
    return [{ property, reason: `does not belong to the certificate of ${subject(certificate)}.` }];
  } catch {
    return [{ property, reason: "is not a private key in PEM form." }];
  }
}

function hostProblems(certificate: X509Certificate, hosts: readonly string[]): ProvidedProblem[] {
  // "never": a common name is no host, as Docker and every other Go program see it.
  const covers = (host: string) =>
    isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host, { subject: "never" });
  const missing = hosts.filter((host) => covers(host) === undefined);
  if (missing.length === 0) return [];
  const names = certificate.subjectAltName ?? "none";
  return [
    {
      property: "certificatePem",
      reason: `does not cover ${missing.join(", ")}; its subject alternative names: ${names}.`,
    },
  ];
}

function dateProblems(property: keyof ProvidedPems, certificate: X509Certificate, now: Date): ProvidedProblem[] {
  const { validFromDate, validToDate } = certificate;
  if (validToDate <= now)
    return [{ property, reason: `expired at ${validToDate.toISOString()}: ${subject(certificate)}.` }];
  if (validFromDate > now)
    return [{ property, reason: `is not valid before ${validFromDate.toISOString()}: ${subject(certificate)}.` }];
  return [];
}

function strengthProblems({ publicKey }: X509Certificate): ProvidedProblem[] {
  const bits = publicKey.asymmetricKeyDetails?.modulusLength;
  if (publicKey.asymmetricKeyType !== "rsa" || bits === undefined || bits >= smallestKeyBits) return [];
  return [{ property: "certificatePem", reason: `has an RSA key of ${bits} bits; use at least ${smallestKeyBits}.` }];
}

/** Each certificate must be signed by the next one, and the last one by itself. */
function chainProblems(path: X509Certificate[]): ProvidedProblem[] {
  return path.flatMap((certificate, i) => {
    const issuer = path[i + 1] ?? certificate;
    if (certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)) return [];
    const reason =
      issuer === certificate
        ? `ends with ${subject(certificate)}, which is not self-signed; end it with the authority that daemons shall trust.`
        : `does not lead on: ${subject(certificate)} is not signed by ${subject(issuer)}. Order: intermediates, then the authority.`;
    return [{ property: "chainPem" as const, reason }];
  });
}

function subject(certificate: X509Certificate): string {
  return `"${certificate.subject.replaceAll("\n", ", ") || certificate.subjectAltName || "no name"}"`;
}
