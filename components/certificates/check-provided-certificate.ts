import type { KeyObject, X509Certificate } from "node:crypto";
import type { Problems } from "../../provider/resource-definition.ts";
import { dateProblem, readCertificates, readPrivateKey, subjectText } from "./read-pem.ts";
import { subjectAlternativeName } from "./subject-alternative-names.ts";

export interface ProvidedFiles {
  /** The server certificate; those of its issuers may follow it (`fullchain.pem`). */
  certificatePem: string;
  privateKeyPem: string;
  /** The issuers' certificates, nearest first. */
  chainPem?: string | undefined;
}

/**
 * Every reason why clients could refuse this certificate for one of the hosts at this moment; none: they will take
 * it, as far as they trust the last certificate of the chain.
 * @param given.hosts as `hostsSchema` gives them
 */
export function checkProvidedCertificate(given: ProvidedFiles & { hosts: string[]; now: Date }): Problems {
  const own = readCertificates(given.certificatePem);
  const chain = given.chainPem === undefined ? { value: [] } : readCertificates(given.chainPem);
  const key = readPrivateKey(given.privateKeyPem);
  const [server, ...issuers] = distinct([...(own.value ?? []), ...(chain.value ?? [])]);
  const readable = server && own.value;
  return [
    ...problems("certificatePem", [own.problem, ...(readable ? serverReasons(server, given.hosts, given.now) : [])]),
    ...problems("privateKeyPem", [
      key.problem,
      ...(key.value ? keyReasons(key.value, readable ? server : undefined) : []),
    ]),
    ...problems("chainPem", [
      chain.problem,
      ...(readable && chain.value ? chainReasons(server, issuers, given.now) : []),
    ]),
  ];
}

/** The certificates in the order in which the server sends them, each once. Only for files without problems. */
export function providedChain({ certificatePem, chainPem = "" }: ProvidedFiles): X509Certificate[] {
  return distinct(readCertificates(`${certificatePem}\n${chainPem}`).value ?? []);
}

function serverReasons(server: X509Certificate, hosts: string[], now: Date): (string | undefined)[] {
  const purposes: string[] | undefined = server.keyUsage;
  const names = server.subjectAltName ?? "none, and the common name does not count";
  const uncovered = hosts.filter((host) => !covers(server, host));
  return [
    dateProblem(server, now),
    uncovered.length > 0
      ? `does not cover ${uncovered.join(", ")}. Its subject alternative names: ${names}`
      : undefined,
    !purposes || purposes.some((purpose) => [serverAuthentication, anyPurpose].includes(purpose))
      ? undefined
      : "is not for TLS servers: its extended key usage lacks serverAuth",
  ];
}

/** Object identifiers of extended key usages: RFC 5280, 4.2.1.12. */
const serverAuthentication = "1.3.6.1.5.5.7.3.1";
const anyPurpose = "2.5.29.37.0";

/** By Go's rules, which Docker follows: the common name never counts, a wildcard stands for one whole label. */
function covers(server: X509Certificate, host: string): boolean {
  const { kind, value } = subjectAlternativeName(host);
  if (kind === "ip") return server.checkIP(value) !== undefined;
  return server.checkHost(value, { subject: "never", partialWildcards: false }) !== undefined;
}

function keyReasons(key: KeyObject, server: X509Certificate | undefined): (string | undefined)[] {
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  const strength = {
    rsa: modulusLength < 2048 ? `is an RSA key of ${modulusLength} bits: 2048 or more are needed` : undefined,
    ec: ["prime256v1", "secp384r1", "secp521r1"].includes(namedCurve)
      ? undefined
      : `is on the curve ${namedCurve}: P-256, P-384 or P-521 is needed`,
    ed25519: undefined,
  };
  return [
    type && type in strength
      ? strength[type as keyof typeof strength]
      : `is of type ${type}: RSA, EC or Ed25519 is needed`,
    server && !server.checkPrivateKey(key) ? `is not the key of the certificate ${subjectText(server)}` : undefined,
  ];
}

function chainReasons(server: X509Certificate, issuers: X509Certificate[], now: Date): (string | undefined)[] {
  const missing = issuers.length === 0 && !selfSigned(server);
  const broken = issuers.findIndex((issuer, i) => !signed(issuers[i - 1] ?? server, issuer));
  return [
    missing
      ? `is missing the issuer of the certificate, ${JSON.stringify(server.issuer?.replaceAll("\n", ", "))}: give the issuers' certificates, nearest first`
      : undefined,
    broken >= 0 ? brokenReason([server, ...issuers], broken) : undefined,
    ...issuers.map((issuer) => {
      const problem = issuer.ca ? dateProblem(issuer, now) : "is not a certificate authority";
      return problem && `${subjectText(issuer)} ${problem}`;
    }),
  ];
}

/** @param position of the certificate that the next one in the list did not sign */
function brokenReason(chain: X509Certificate[], position: number): string {
  const [child, next] = chain.slice(position) as [X509Certificate, X509Certificate];
  const issuer = chain.find((candidate) => candidate !== child && signed(child, candidate));
  const remedy = issuer ? `${subjectText(issuer)} did: put it right behind` : "leave out what does not belong to it";
  return `does not fit: ${subjectText(next)} did not sign ${subjectText(child)}. Nearest issuer first; ${remedy}`;
}

function signed(child: X509Certificate, issuer: X509Certificate): boolean {
  return child.checkIssued(issuer) && child.verify(issuer.publicKey);
}

/** Without `checkIssued`, which wants keyCertSign: a certificate that is trusted itself needs no such right. */
function selfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

function distinct(certificates: X509Certificate[]): X509Certificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.fingerprint256, certificate])).values()];
}

function problems(property: string, reasons: (string | undefined)[]): Problems {
  return reasons.flatMap((reason) => (reason ? [{ property, reason }] : []));
}
