import type { X509Certificate } from "node:crypto";
import type { Problems } from "../../lib/provider/resource-definition.ts";
import { readByGo } from "./go/read-by-go.ts";
import { weakSignature } from "./go/weak-signature.ts";
import { dateProblem, readCertificates, readPrivateKey, subjectText } from "./read-pem.ts";

export interface ClientFiles {
  /** Who signs the certificates of clients, PEM. */
  authorities: string;
  /** A client certificate, those of its issuers behind it, PEM. */
  certificate: string;
  privateKey: string;
}

/** Object identifiers of extended key usages: RFC 5280, 4.2.1.12. */
const clientAuthentication = "1.3.6.1.5.5.7.3.2";
const anyPurpose = "2.5.29.37.0";

/** Why a registry that trusts these authorities would not take this certificate of a client at this moment. */
export function checkClientCertificate({ authorities, certificate, privateKey }: ClientFiles, now: Date): Problems {
  const trusted = readCertificates(authorities, "privateKey");
  const own = readCertificates(certificate, "privateKey");
  const key = readPrivateKey(privateKey);
  const [client, ...between] = own.value ?? [];
  const signers = trusted.value ?? [];
  return [
    ...problems("authorities", [trusted.problem, ...signers.flatMap((one) => named(one, dateProblem(one, now)))]),
    ...problems("certificate", [
      own.problem,
      ...(own.value ?? []).flatMap((one, position) => byGo(one, position)),
      client && dateProblem(client, now),
      client && purposeProblem(client),
      client && trusted.value && !leadsTo(client, between, signers)
        ? `is not signed by one of the authorities of clients: ${subjectText(client)} is of ${JSON.stringify(client.issuer?.replaceAll("\n", ", "))}`
        : undefined,
    ]),
    ...problems("privateKey", [
      key.problem,
      client && key.value && !client.checkPrivateKey(key.value)
        ? `is not the key of the certificate ${subjectText(client)}`
        : undefined,
    ]),
  ];
}

/** The registry reads what a client shows by Go's rules. */
function byGo(certificate: X509Certificate, position: number): (string | undefined)[] {
  const { certificate: read, problem: unreadable } = readByGo(certificate);
  const problem = unreadable ?? (read && weakSignature(read));
  return position > 0 ? named(certificate, problem) : [problem];
}

function named(certificate: X509Certificate, problem: string | undefined): string[] {
  return problem ? [`${subjectText(certificate)} ${problem}`] : [];
}

function purposeProblem({ keyUsage: purposes }: X509Certificate): string | undefined {
  const given: string[] | undefined = purposes;
  if (!given || given.some((one) => [clientAuthentication, anyPurpose].includes(one))) return undefined;
  return "is not for TLS clients: its extended key usage lacks clientAuth";
}

function leadsTo(client: X509Certificate, between: X509Certificate[], authorities: X509Certificate[]): boolean {
  let current = client;
  for (const next of [...between, undefined]) {
    if (authorities.some((one) => one.fingerprint256 === current.fingerprint256 || isSigned(current, one))) return true;
    if (!next || !isSigned(current, next)) return false;
    current = next;
  }
  return false;
}

function isSigned(child: X509Certificate, issuer: X509Certificate): boolean {
  return child.checkIssued(issuer) && child.verify(issuer.publicKey);
}

function problems(property: string, reasons: (string | undefined)[]): Problems {
  return reasons.flatMap((reason) => (reason ? [{ property, reason }] : []));
}
