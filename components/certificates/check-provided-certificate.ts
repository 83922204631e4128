import type { KeyObject, X509Certificate } from "node:crypto";
import type { Problems } from "../../lib/provider/resource-definition.ts";
import { goChainProblems } from "./go/go-chain.ts";
import { readByGo } from "./go/read-by-go.ts";
import { dateProblem, privateKeyText, readCertificates, readPrivateKey, subjectText } from "./read-pem.ts";
import { subjectAlternativeName } from "./subject-alternative-names.ts";
import type { HandshakeFiles } from "./try-handshake.ts";

export interface ProvidedFiles {
  /** The server certificate; those of its issuers may follow it (`fullchain.pem`). */
  certificatePem: string;
  privateKeyPem: string;
  /** The issuers' certificates, nearest first. */
  chainPem?: string | undefined;
}

/**
 * Every reason why clients could refuse this certificate for one of the hosts at this moment, by the rules of Go and OpenSSL; none:
 * they take it, as far as they trust the last certificate of the chain.
 *
 * @param given.hosts as `hostsSchema` gives them
 * @param given.keyPlace what the place for the key is called, where it is not `privateKeyPem`
 */
export function checkProvidedCertificate(
  given: ProvidedFiles & { hosts: string[]; now: Date; keyPlace?: string },
): Problems {
  const own = readCertificates(given.certificatePem, given.keyPlace);
  const chain = given.chainPem === undefined ? { value: [] } : readCertificates(given.chainPem, given.keyPlace);
  const key = readPrivateKey(given.privateKeyPem);
  const all = distinct([...(own.value ?? []), ...(chain.value ?? [])]);
  const [server, ...issuers] = all;
  const readable = server && own.value;
  const byGo = readable && chain.value ? goReasons(all) : { server: [], issuers: [] };
  return [
    ...problems("certificatePem", [
      own.problem,
      ...(readable ? serverReasons(server, given.hosts, given.now) : []),
      ...byGo.server,
    ]),
    ...problems("privateKeyPem", [
      key.problem,
      ...(key.value ? keyReasons(key.value, readable ? server : undefined) : []),
    ]),
    ...problems("chainPem", [
      chain.problem,
      ...(readable && chain.value ? chainReasons(server, issuers, given.now) : []),
      ...byGo.issuers,
    ]),
  ];
}

/** What a server sends and what its clients trust, in the form that Go and OpenSSL read. Only for files without problems. */
export function providedFiles({ certificatePem, chainPem = "", privateKeyPem }: ProvidedFiles): HandshakeFiles {
  const chain = distinct(readCertificates(`${certificatePem}\n${chainPem}`).value ?? []).map(String);
  const key = readPrivateKey(privateKeyPem).value;
  return {
    chainPem: chain.join(""),
    authorityCertificatePem: chain.at(-1) ?? "",
    privateKeyPem: key ? privateKeyText(key) : "",
  };
}

function serverReasons(server: X509Certificate, hosts: string[], now: Date): (string | undefined)[] {
  const names = server.subjectAltName ?? "none, and the common name does not count";
  const uncovered = hosts.filter((host) => !covers(server, host));
  // Go takes them.
  const isWide = uncovered.some((host) => names.includes(`DNS:*${host.slice(host.indexOf("."))}`));
  const hint = isWide ? ' (OpenSSL and curl take no "*" in front of a single label)' : "";
  return [
    dateProblem(server, now),
    uncovered.length > 0
      ? `does not cover ${uncovered.join(", ")}. Its subject alternative names: ${names}${hint}`
      : undefined,
  ];
}

/** What Go says of the certificates, as they are sent. */
function goReasons(chain: X509Certificate[]): { server: string[]; issuers: string[] } {
  const read = chain.map(readByGo);
  const found = read.flatMap(({ problem }, position) => (problem ? [{ position, reason: problem }] : []));
  const certificates = read.flatMap(({ certificate }) => certificate ?? []);
  if (found.length === 0) found.push(...goChainProblems(certificates, brokenAt(chain) < 0));
  const at = (position: number) => {
    const certificate = chain[position];
    return certificate && position > 0 ? `${subjectText(certificate)} ` : "";
  };
  return {
    server: found.filter(({ position }) => position === 0).map(({ reason }) => reason),
    issuers: found.filter(({ position }) => position > 0).map(({ position, reason }) => `${at(position)}${reason}`),
  };
}

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
      : `is on the curve ${namedCurve || "of its own parameters"}: P-256, P-384 or P-521 is needed`,
    ed25519: undefined,
  };
  return [
    type && type in strength
      ? strength[type as keyof typeof strength]
      : `is of type ${type}: RSA, EC or Ed25519 is needed`,
    server && !isKeyOf(server, key) ? `is not the key of the certificate ${subjectText(server)}` : undefined,
  ];
}

function isKeyOf(server: X509Certificate, key: KeyObject): boolean {
  try {
    return server.checkPrivateKey(key);
  } catch {
    // A public key that OpenSSL does not read.
    return false;
  }
}

function chainReasons(server: X509Certificate, issuers: X509Certificate[], now: Date): (string | undefined)[] {
  const missing = issuers.length === 0 && !signed(server, server);
  const broken = brokenAt([server, ...issuers]);
  return [
    missing
      ? `is missing the issuer of the certificate, ${JSON.stringify(server.issuer?.replaceAll("\n", ", "))}: give the issuers' certificates, nearest first`
      : undefined,
    broken >= 0 ? brokenReason([server, ...issuers], broken) : undefined,
    ...issuers.map((issuer) => {
      const problem = dateProblem(issuer, now);
      return problem && `${subjectText(issuer)} ${problem}`;
    }),
  ];
}

/** The position of the first certificate that the next one did not sign; -1: there is none. */
function brokenAt(chain: X509Certificate[]): number {
  return chain.slice(1).findIndex((issuer, i) => !signed(chain[i] as X509Certificate, issuer));
}

/** @param position of the certificate that the next one in the list did not sign */
function brokenReason(chain: X509Certificate[], position: number): string {
  const [child, next] = chain.slice(position) as [X509Certificate, X509Certificate];
  const issuer = chain.find((candidate) => candidate !== child && signed(child, candidate));
  const remedy = issuer ? `${subjectText(issuer)} did: put it right behind` : "leave out what does not belong to it";
  return `does not fit: ${subjectText(next)} did not sign ${subjectText(child)}. Nearest issuer first; ${remedy}`;
}

/** Without `checkIssued`, which wants more: whether it may sign and which key it names is said in words of its own. */
function signed(child: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return child.issuer === issuer.subject && child.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function distinct(certificates: X509Certificate[]): X509Certificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.fingerprint256, certificate])).values()];
}

function problems(property: string, reasons: (string | undefined)[]): Problems {
  return reasons.flatMap((reason) => (reason ? [{ property, reason }] : []));
}
