import type { GoCertificate } from "./go-certificate.ts";
import { refusedNames } from "./go-name-constraints.ts";
import { holdsPolicies } from "./go-policies.ts";
import { weakSignature } from "./weak-signature.ts";

/** What is wrong with one certificate of a chain, by its position: 0 is the server's own. */
export interface ChainProblem {
  position: number;
  reason: string;
}

/** RSA keys up to here are read by clients written in Go: `defaultMaxRSAKeySize` in src/crypto/tls. */
const mostBits = 8192;

/** Below it OpenSSL refuses an RSA key at the security level that Debian, Ubuntu and Node set. */
const leastBits = 2048;

/** Object identifier of an extended key usage: RFC 5280, 4.2.1.12. */
const serverAuthentication = "1.3.6.1.5.5.7.3.1";

/**
 * Why a client written in Go that trusts the last certificate of a chain does not take the first one: `Certificate.Verify` and
 * `verifyServerCertificate` of Go 1.26. Dates and hosts are judged elsewhere, the order of the chain by the signatures themselves.
 *
 * @param chain the server's certificate, its issuer, and so on
 * @param isOrdered each is signed by the next one: else only what each is by itself can be said
 */
export function goChainProblems(chain: GoCertificate[], isOrdered: boolean): ChainProblem[] {
  return chain.flatMap((certificate, position) =>
    [
      ...unknownExtensions(certificate),
      position > 0 ? keySize(certificate) : tooLong(certificate),
      position < chain.length - 1 ? weakSignature(certificate) : undefined,
      position > 0 ? authority(certificate, position === chain.length - 1) : undefined,
      purpose(certificate, position),
      position === 0 ? handshakeUsage(certificate) : undefined,
      ...(isOrdered ? inChain(chain, certificate, position) : []),
    ].flatMap((reason) => (reason ? [{ position, reason }] : [])),
  );
}

function inChain(chain: GoCertificate[], certificate: GoCertificate, position: number): (string | undefined)[] {
  return [
    position > 0 ? pathLength(certificate, position) : undefined,
    otherSpelling(certificate, chain[position + 1]),
    otherKey(certificate, chain[position + 1]),
    ...constraints(certificate, chain.slice(position + 1)),
    position === 0 ? policy(chain) : undefined,
  ];
}

function unknownExtensions({ unknownCritical }: GoCertificate): string[] {
  return unknownCritical.map(
    (identifier) =>
      `has the critical extension ${identifier}, which Go does not know, or holds nothing that it checks: issue it again without that extension, or not as critical`,
  );
}

function tooLong({ publicKey }: GoCertificate): string | undefined {
  if (publicKey?.type !== "rsa" || publicKey.bits <= mostBits) return undefined;
  return `has an RSA key of ${publicKey.bits} bits: clients written in Go, as Docker, take ${mostBits} at most. Make a key of 3072 or 4096 bits`;
}

function keySize(certificate: GoCertificate): string | undefined {
  const { publicKey } = certificate;
  if (!publicKey) return "has a kind of key that Go does not know: an authority needs an RSA, EC or Ed25519 key";
  if (publicKey.type !== "rsa" || publicKey.bits >= leastBits) return tooLong(certificate);
  return `has an RSA key of ${publicKey.bits} bits: ${leastBits} or more are needed. Get a certificate from an authority with a longer key`;
}

function authority({ version, isAuthority, maySign }: GoCertificate, isLast: boolean): string | undefined {
  const remedy = "it needs basicConstraints=critical,CA:TRUE";
  if (isAuthority === false) return `is not a certificate authority: ${remedy}`;
  if (isAuthority === undefined && !(isLast && version < 3))
    return `is not a certificate authority, it has no basicConstraints: ${remedy}`;
  if (maySign === false) return "may not sign certificates: its keyUsage lacks keyCertSign";
  return undefined;
}

function pathLength({ maxPathLength }: GoCertificate, position: number): string | undefined {
  const between = position - 1;
  if (maxPathLength === undefined || between <= maxPathLength) return undefined;
  return `allows ${maxPathLength} authorities below it (pathlen), and there are ${between}: have the server certificate issued by one that is nearer to it`;
}

function otherSpelling({ issuer }: GoCertificate, parent: GoCertificate | undefined): string | undefined {
  if (!parent || issuer.equals(parent.subject)) return undefined;
  return "spells its issuer in other bytes than that certificate spells its own subject (another kind of string, or other letters), which Go takes for another name: issue it again from that very certificate";
}

/** Go does not look at it; OpenSSL takes no other issuer than the one that is named (`X509_check_akid`). */
function otherKey({ authorityKey }: GoCertificate, parent: GoCertificate | undefined): string | undefined {
  if (!parent) return undefined;
  const { identifier, serial } = authorityKey;
  const isOther = identifier && parent.subjectKey && !identifier.equals(parent.subjectKey);
  if (!isOther && (serial === undefined || serial === parent.serial)) return undefined;
  return "names another certificate of its issuer than the next one in the chain (authorityKeyIdentifier), which OpenSSL and curl refuse: give the issuer's certificate that signed it, or issue it again from this one";
}

/** OpenSSL's rule for TLS 1.2 (RFC 8422, 5.3) and 1.3 (RFC 8446, 4.4.2.2); Go does not look at it. */
function handshakeUsage({ handshakes, publicKey }: GoCertificate): string | undefined {
  if (!handshakes || (publicKey?.type === "rsa" ? handshakes.mayServe : handshakes.maySign)) return undefined;
  return "may not sign TLS handshakes, which OpenSSL and curl want: its keyUsage lacks digitalSignature. Issue it with keyUsage=digitalSignature, or without keyUsage";
}

function purpose({ purposes }: GoCertificate, position: number): string | undefined {
  // Go takes anyExtendedKeyUsage for it, OpenSSL does not.
  if (purposes.length === 0 || purposes.includes(serverAuthentication)) return undefined;
  return position === 0
    ? "is not for TLS servers: its extended key usage lacks serverAuth"
    : "is not for issuers of TLS servers: its extended key usage lacks serverAuth";
}

function constraints({ alternativeNames }: GoCertificate, above: GoCertificate[]): string[] {
  if (!alternativeNames) return [];
  const refused = above.flatMap(({ nameConstraints }) =>
    nameConstraints ? refusedNames(alternativeNames, nameConstraints) : [],
  );
  if (refused.length === 0) return [];
  const names = [...new Set(refused)].join(", ");
  return [
    `has names that the nameConstraints of an authority above it do not allow: ${names}. Use an authority that may sign for them, or take them out`,
  ];
}

function policy(chain: GoCertificate[]): string | undefined {
  if (holdsPolicies(chain)) return undefined;
  const what =
    chain[0]?.policies.length === 0 ? "has no certificatePolicies" : "has certificatePolicies that do not hold";
  return `${what}, and an authority above it asks for them (policyConstraints): every certificate below the root must name the same policy. Have it issued with the policies of its issuer`;
}
