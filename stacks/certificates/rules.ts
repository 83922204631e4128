import { checkClientCertificate } from "../../components/certificates/check-client-certificate.ts";
import { checkProvidedCertificate } from "../../components/certificates/check-provided-certificate.ts";
import { longestServerLifetime } from "../../components/certificates/issue-server-certificate.ts";
import { isPermitted } from "../../components/certificates/name-constraints.ts";
import { windowProblems } from "../../components/certificates/renewal.ts";
import { isLoopback } from "../../components/machines/is-loopback.ts";
import { durationMilliseconds } from "../../lib/time/duration.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Rule } from "../settings/rule.ts";
import type { Settings } from "../settings/settings.ts";

/** What certificates, keys and hosts must keep to together. */
export const certificateRules: Rule[] = [
  withoutTls,
  providedCertificate,
  clientCertificate,
  clientsOnLoopback,
  authorityWindow,
  unsignedHosts,
  certificateWindow,
  serverLifetime,
];

function withoutTls({ tls, insecure }: Settings): Problem[] {
  if (tls !== "none" || insecure === "i-understand") return [];
  const reason =
    'is not set, and tls is none: anyone on the way could read and change images (CIS Docker Benchmark 2.5, 2.4 in older editions). Leave out "tls: none", or set insecure to i-understand.';
  return [{ path: "insecure", reason }];
}

function providedCertificate({ tls, hosts }: Settings, now: Date): Problem[] {
  if (tls === "none" || !tls.provided) return [];
  const { certificate, privateKey, chain } = tls.provided;
  const settingOf: Record<string, string> = {
    certificatePem: "certificate",
    privateKeyPem: "privateKey",
    chainPem: "chain",
  };
  const given = { certificatePem: certificate, privateKeyPem: privateKey, chainPem: chain, keyPlace: "privateKey" };
  return checkProvidedCertificate({ ...given, hosts, now }).map(({ property, reason }) => ({
    path: `tls.provided.${settingOf[property]}`,
    reason,
  }));
}

function clientCertificate({ tls, registry }: Settings, now: Date): Problem[] {
  if (tls === "none" || !tls.clients || registry === "none") return [];
  return checkClientCertificate(tls.clients, now).map(({ property, reason }) => ({
    path: `tls.clients.${property}`,
    reason,
  }));
}

/** `newTLSConfig` in moby's registry/registry.go reads certs.d for secure registries alone. */
function clientsOnLoopback({ tls, hosts, registry }: Settings): Problem[] {
  if (tls === "none" || !tls.clients || registry === "none") return [];
  const loopback = hosts.filter(isLoopback);
  if (loopback.length === 0) return [];
  const reason = `is set, and Docker sends no client certificate to loopback addresses (${loopback.join(", ")}). Name the registry by a name or an address of the network, or leave tls.clients out.`;
  return [{ path: "tls.clients", reason }];
}

function authorityWindow({ tls }: Settings): Problem[] {
  if (tls === "none" || tls.provided) return [];
  return windowProblems(tls.authority.lifetime, tls.authority.renewBefore).map(({ property, reason }) => ({
    path: `tls.authority.${property}`,
    reason,
  }));
}

function unsignedHosts({ tls, hosts }: Settings): Problem[] {
  if (tls === "none" || tls.provided || !tls.authority.permitted) return [];
  const { permitted } = tls.authority;
  return hosts
    .filter((host) => !isPermitted(host, permitted))
    .map((host) => ({
      path: "tls.authority.permitted",
      reason: `has no place for the host ${host}: the authority could not sign for it. Add it, its domain or its network (every daemon must then get the new authority).`,
    }));
}

function certificateWindow({ tls }: Settings): Problem[] {
  if (tls === "none" || tls.provided) return [];
  return windowProblems(tls.certificate.lifetime, tls.certificate.renewBefore).map(({ property, reason }) => ({
    path: `tls.certificate.${property}`,
    reason,
  }));
}

function serverLifetime({ tls }: Settings): Problem[] {
  if (tls === "none" || tls.provided) return [];
  const { lifetime } = tls.certificate;
  if (durationMilliseconds(lifetime) <= durationMilliseconds(longestServerLifetime)) return [];
  return [
    { path: "tls.certificate.lifetime", reason: `is ${lifetime}; clients refuse more than ${longestServerLifetime}.` },
  ];
}
