import { randomUUID, X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type {
  Due,
  ResourceContext,
  ResourceDefinition,
  ResourceState,
} from "../../lib/provider/resource-definition.ts";
import { durationMilliseconds, durationSchema } from "../../lib/time/duration.ts";
import type { ServerCertificateOutputs as Outputs } from "./certificate-schemas.ts";
import { initialKey, issueInputs, pemSchema, serverCertificateOutputs } from "./certificate-schemas.ts";
import { checkAuthority } from "./check-authority.ts";
import { describeCertificate } from "./describe-certificate.ts";
import {
  issueServerCertificate,
  longestServerLifetime,
  serverLifetimeMilliseconds,
} from "./issue-server-certificate.ts";
import { keyKind } from "./key-pair.ts";
import { isAhead, renewalReason, windowProblems } from "./renewal.ts";
import { hostsSchema } from "./subject-alternative-names.ts";

const inputs = z.object({
  hosts: hostsSchema,
  authorityCertificatePem: pemSchema,
  authorityPrivateKeyPem: pemSchema,
  ...issueInputs,
  lifetime: durationSchema
    .default(longestServerLifetime)
    .refine((lifetime) => durationMilliseconds(lifetime) <= durationMilliseconds(longestServerLifetime), {
      error: `must be ${longestServerLifetime} at most: clients refuse server certificates that live longer`,
    }),
});

type Inputs = z.infer<typeof inputs>;

/** The lifecycle behind the class `ServerCertificate`. */
export const serverCertificateDefinition = {
  type: "registry-kit:certificates:ServerCertificate",
  inputs,
  outputs: serverCertificateOutputs,
  secretOutputs: ["privateKeyPem"],
  initial: initialKey,
  validateKnown: ({ lifetime, renewBefore }) =>
    lifetime && renewBefore ? windowProblems(lifetime, renewBefore, serverLifetimeMilliseconds(lifetime)) : [],
  validate: (news, context) => checkAuthority(news, context.now()),
  due,
  async create(news, context) {
    return { id: randomUUID(), outputs: await issue(news, context.now()) };
  },
  async update(state, news, context) {
    const wanted = asksForIssue(state.inputs, news) || due(state, news, context).length > 0;
    return wanted ? issue(news, context.now()) : state.outputs;
  },
} satisfies ResourceDefinition<Inputs, Outputs>;

/** A certificate that ends with its authority gains nothing by a new one: that would be an update in every run. */
function due(state: ResourceState<Inputs, Outputs>, news: Inputs, context: ResourceContext): Due<Outputs>[] {
  const { notBefore, notAfter } = state.outputs;
  const reason = renewalReason(state.outputs, news.renewBefore, context.now());
  if (!reason) return [];
  if (isAhead(notBefore, context.now())) return [{ property: "notBefore", reason: `${reason}: it will be re-issued` }];
  if (new X509Certificate(news.authorityCertificatePem).validToDate <= new Date(notAfter)) {
    context.log("warning", `${reason}, together with its certificate authority: renew the authority first`);
    return [];
  }
  return [{ property: "notAfter", reason: `${reason}: it will be re-issued` }];
}

function asksForIssue(old: Inputs, news: Inputs): boolean {
  return (
    news.generation > old.generation ||
    keyKind(news) !== keyKind(old) ||
    news.lifetime !== old.lifetime ||
    news.authorityCertificatePem !== old.authorityCertificatePem ||
    news.authorityPrivateKeyPem !== old.authorityPrivateKeyPem ||
    !isDeepStrictEqual(news.hosts, old.hosts)
  );
}

async function issue(news: Inputs, now: Date): Promise<Outputs> {
  const authorityCertificatePem = `${news.authorityCertificatePem.trim()}\n`;
  const authority = { certificatePem: authorityCertificatePem, privateKeyPem: news.authorityPrivateKeyPem };
  const issued = await issueServerCertificate(news, authority, now);
  return {
    ...issued,
    ...describeCertificate(issued.certificatePem),
    chainPem: issued.certificatePem + authorityCertificatePem,
    authorityCertificatePem,
  };
}
