import { typed } from "../../../lib/start-up/typed.ts";
import { type Check, failed, passed, skipped } from "../check.ts";
import { codeOf, messageOf } from "../explain-daemon-error.ts";
import type { ProofContext } from "../proof-context.ts";
import type { Endpoint } from "../request-registry.ts";
import { shakeHands } from "../shake-hands.ts";
import { answers } from "./answers.ts";

/** The check's name for a host; what sends a password to this host needs it. */
export function certificateOf(host: string): string {
  return `certificate for ${host}`;
}

/** A check for each host: the certificate chain leads to the authority, is in date and covers the host. */
export function certificatesOfHosts({ endpoints, api }: ProofContext): Check[] {
  return endpoints.map((endpoint) => ({
    name: certificateOf(endpoint.host),
    // Another host may lead elsewhere, and be tried on its own.
    needs: () => (endpoint === api ? [answers.name] : []),
    async run({ target }, signal) {
      if (!target.tls) return skipped("no TLS: the registry is meant to speak plain HTTP");
      try {
        const { protocol, certificate } = await shakeHands(endpoint, { rejectUnauthorized: true }, signal);
        return passed(`${protocol}, covers ${certificate.subjectAltName}, signed by ${oneLine(certificate.issuer)}`);
      } catch (error) {
        signal.throwIfAborted();
        return failed(reasonOf(error, endpoint));
      }
    },
  }));
}

const notSignedByAuthority = new Set([
  "CERT_SIGNATURE_FAILURE",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function reasonOf(error: unknown, { host, connectTo, port }: Endpoint): string {
  const code = codeOf(error) ?? "";
  if (notSignedByAuthority.has(code)) {
    return `not signed by the stack's certificate authority (${code}); does the registry still serve an older certificate?`;
  }
  switch (code) {
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `does not cover ${host}: ${messageOf(error)}; add it to hosts, or renew the certificate`;
    case "CERT_HAS_EXPIRED":
      return "has expired, or a certificate of its chain has; renew it and restart the registry";
    case "CERT_NOT_YET_VALID":
      return `is not valid yet: the clock was ahead when it was issued, or this machine's is behind. With the right time, ${typed("up")} makes another one`;
    default:
      return `${connectTo}:${port}: ${messageOf(error)}`;
  }
}

function oneLine(distinguishedName: string): string {
  return distinguishedName.split("\n").join(", ");
}
