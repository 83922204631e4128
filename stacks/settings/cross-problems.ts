import { checkProvidedCertificate } from "../../components/certificates/check-provided-certificate.ts";
import { milliseconds } from "../../components/certificates/duration.ts";
import { windowProblems } from "../../components/certificates/renewal.ts";
import { lifetimeProblems } from "../../components/certificates/server-certificate-resource.ts";
import type { Problem } from "../../components/validation/describe-issues.ts";
import { isLoopback } from "../host-name.ts";
import type { Settings } from "../settings.ts";

/** Settings that are each allowed but don't go together. */
export function crossProblems(settings: Settings, now: Date): Problem[] {
  return [
    ...tlsProblems(settings),
    ...certificateProblems(settings, now),
    ...addressProblems(settings),
    ...userProblems(settings),
  ];
}

function tlsProblems({ tls, users, insecure }: Settings): Problem[] {
  if (tls !== "none") return [];
  const problems: Problem[] = [];
  if (users !== "none") {
    problems.push({
      path: "tls",
      reason:
        'is none, but there are users: passwords would cross the network in clear. Leave out "tls: none", or set users to none.',
    });
  }
  if (insecure !== "i-understand") {
    problems.push({
      path: "insecure",
      reason:
        'is not set, and tls is none: anyone on the way could read and change images (CIS Docker Benchmark 2.5, 2.4 in older editions). Leave out "tls: none", or set insecure to i-understand.',
    });
  }
  return problems;
}

function certificateProblems({ tls, hosts }: Settings, now: Date): Problem[] {
  if (tls === "none") return [];
  if (tls.provided) {
    const { certificate, privateKey, chain } = tls.provided;
    const settingOf = { certificatePem: "certificate", privateKeyPem: "privateKey", chainPem: "chain" } as const;
    const problems = checkProvidedCertificate(
      { certificatePem: certificate, privateKeyPem: privateKey, chainPem: chain },
      hosts,
      now,
    );
    return problems.map(({ property, reason }) => ({ path: `tls.provided.${settingOf[property]}`, reason }));
  }
  const { authority, certificate } = tls;
  const at = (place: string) => (problem: { property: string; reason: string }) => ({
    path: `tls.${place}.${problem.property}`,
    reason: problem.reason,
  });
  const earlier = milliseconds(authority.renewBefore) < milliseconds(certificate.renewBefore);
  return [
    ...windowProblems(authority.lifetime, authority.renewBefore).map(at("authority")),
    ...lifetimeProblems(certificate.lifetime, certificate.renewBefore).map(at("certificate")),
    // A server certificate ends with its authority at the latest: inside its own window, it would be renewed with every up.
    ...(earlier
      ? [
          {
            path: "tls.authority.renewBefore",
            reason: `is ${authority.renewBefore}, shorter than the server certificate's ${certificate.renewBefore}.`,
          },
        ]
      : []),
  ];
}

function addressProblems({ address, hosts }: Settings): Problem[] {
  if (!address?.startsWith("127.") && address !== "::1") return [];
  const remote = hosts.filter((host) => !isLoopback(host));
  if (remote.length === 0) return [];
  return [
    { path: "address", reason: `is ${address}, which only this machine reaches, but hosts name ${remote.join(", ")}.` },
  ];
}

function userProblems({ users }: Settings): Problem[] {
  if (users === "none" || Object.keys(users).length > 0) return [];
  return [{ path: "users", reason: 'is empty; name a user, or write "none" for a registry that anyone can push to.' }];
}
