import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { defineResource } from "../../provider/define-resource.ts";
import type { Problems, ResourceContext, ResourceDefinition } from "../../provider/resource-definition.ts";
import { certificateHost } from "./certificate-host.ts";
import { certificateOutputs } from "./certificate-outputs.ts";
import { duration, milliseconds } from "./duration.ts";
import { issueServerCertificate } from "./issue-server-certificate.ts";
import { keyBits } from "./key-bits.ts";
import { renewalReason, windowProblems } from "./renewal.ts";

const inputs = z.object({
  hosts: z.array(certificateHost).min(1, "must name at least one host"),
  authorityCertificatePem: z.string(),
  authorityPrivateKeyPem: z.string(),
  keyBits,
  lifetime: duration.default("397 days"),
  renewBefore: duration.default("30 days"),
  generation: z.int().min(1).default(1),
});

const outputs = certificateOutputs.extend({
  /** The server certificate, then the authority's: what a server presents. */
  chainPem: z.string(),
});

type Inputs = z.infer<typeof inputs>;
type Outputs = z.infer<typeof outputs>;

/** Clients of Apple refuse longer ones, and so did the CA/Browser Forum from 2020. */
export const longestServerLifetime = "397 days";

/** `registry-kit:certificates:ServerCertificate`: see the class of that name for what it means to users. */
export const serverCertificateDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:certificates:ServerCertificate",
  inputs,
  outputs,
  secretOutputs: ["privateKeyPem"],
  validateKnown: (known) =>
    known.lifetime && known.renewBefore ? lifetimeProblems(known.lifetime, known.renewBefore) : [],
  due(state, { renewBefore }, { now }) {
    const reason = renewalReason(state.outputs.notAfter, renewBefore, now());
    return reason
      ? [{ property: "notAfter", reason: `The server certificate ${reason}. The registry restarts once.` }]
      : [];
  },
  async create(news, context) {
    const issued = await issue(news, context);
    return { id: issued.fingerprint, outputs: issued };
  },
  async update(state, news, context) {
    // A change of the renewal window alone moves a date, nothing else.
    const { renewBefore: _old, ...before } = state.inputs;
    const { renewBefore, ...after } = news;
    const same = JSON.stringify(before) === JSON.stringify(after);
    return same && !renewalReason(state.outputs.notAfter, renewBefore, context.now())
      ? state.outputs
      : await issue(news, context);
  },
};

export const serverCertificate = defineResource(serverCertificateDefinition);

/** What is wrong with a server certificate's lifetime and renewal window. */
export function lifetimeProblems(lifetime: Inputs["lifetime"], renewBefore: Inputs["renewBefore"]): Problems {
  const tooLong = milliseconds(lifetime) > milliseconds(longestServerLifetime);
  const reason = `is ${lifetime}; clients refuse server certificates that are valid for more than ${longestServerLifetime}.`;
  return [...(tooLong ? [{ property: "lifetime", reason }] : []), ...windowProblems(lifetime, renewBefore)];
}

async function issue(news: Inputs, { now }: ResourceContext): Promise<Outputs> {
  const { hosts, keyBits: bits, authorityCertificatePem, authorityPrivateKeyPem } = news;
  // A certificate that outlives its authority would fail before its own end.
  const authorityEnd = Date.parse(new X509Certificate(authorityCertificatePem).validTo);
  const issued = await issueServerCertificate({
    hosts,
    keyBits: bits,
    now: now(),
    lifetime: Math.min(milliseconds(news.lifetime), authorityEnd - now().getTime()),
    issuer: { certificatePem: authorityCertificatePem, privateKeyPem: authorityPrivateKeyPem },
  });
  return { ...issued, chainPem: issued.certificatePem + authorityCertificatePem };
}
