import type { GoCertificate } from "./go-certificate.ts";

const anyPolicy = "2.5.29.32.0";

/** Policies that hold at one level of a chain, each with those that the next certificate may name for it. */
type Policies = Map<string, string[]>;

/**
 * Whether a policy holds all the way down a chain, where one of its authorities asks for that: Go's `policiesValid` (RFC 5280 and
 * 9618), for a client that takes every policy. Of Go's graph only the last level is kept, on which alone the answer depends.
 *
 * @param chain the server's certificate, its issuer, and so on; the last one is trusted and asks for nothing
 */
export function holdsPolicies(chain: GoCertificate[]): boolean {
  const count = chain.length - 1;
  const left = { any: count + 1, explicit: count + 1, mapping: count + 1 };
  let policies: Policies | undefined = new Map([[anyPolicy, [anyPolicy]]]);
  for (const [i, certificate] of [...chain.slice(0, count).entries()].reverse()) {
    const isSelfIssued = certificate.issuer.equals(certificate.subject);
    if (certificate.policies.length === 0) policies = undefined;
    if (left.explicit === 0 && !policies) return false;
    if (policies) policies = below(policies, certificate, left.any > 0 || (i > 0 && isSelfIssued));
    if (i === 0) continue;
    if (policies && !map(policies, certificate, left.mapping > 0)) return false;
    if (!isSelfIssued)
      for (const kind of ["any", "explicit", "mapping"] as const) left[kind] = Math.max(0, left[kind] - 1);
    left.explicit = Math.min(left.explicit, certificate.requireExplicitPolicy ?? left.explicit);
    left.mapping = Math.min(left.mapping, certificate.inhibitPolicyMapping ?? left.mapping);
    left.any = Math.min(left.any, certificate.inhibitAnyPolicy ?? left.any);
  }
  const isAsked = left.explicit <= 1 || chain[0]?.requireExplicitPolicy === 0;
  return count === 0 || !isAsked || (policies?.size ?? 0) > 0;
}

function below(above: Policies, { policies }: GoCertificate, takesAny: boolean): Policies {
  const expected = new Set([...above.values()].flat());
  const held: Policies = new Map();
  for (const policy of policies) {
    if (policy !== anyPolicy && (expected.has(policy) || expected.has(anyPolicy))) held.set(policy, [policy]);
  }
  if (!policies.includes(anyPolicy) || !takesAny) return held;
  for (const policy of expected) if (!held.has(policy)) held.set(policy, [policy]);
  return held;
}

/** False: a mapping that Go refuses. */
function map(policies: Policies, { policyMappings }: GoCertificate, isAllowed: boolean): boolean {
  const meant: Policies = new Map();
  for (const [issuers, subjects] of policyMappings) {
    if (!isAllowed) policies.delete(issuers);
    else if (issuers === anyPolicy || subjects === anyPolicy) return false;
    else meant.set(issuers, [...(meant.get(issuers) ?? []), subjects]);
  }
  for (const [issuers, subjects] of meant)
    if (policies.has(issuers) || policies.has(anyPolicy)) policies.set(issuers, subjects);
  return true;
}
