import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { stackOf } from "../../lib/protocol/urn.ts";
import type { Due, ResourceDefinition, ResourceState } from "../../lib/provider/resource-definition.ts";
import { durationSchema } from "../../lib/time/duration.ts";
import { certificateFactsSchema, initialKey, issueInputs } from "./certificate-schemas.ts";
import { describeCertificate } from "./describe-certificate.ts";
import { issueAuthority } from "./issue-authority.ts";
import { beginKeyPair, keyKind } from "./key-pair.ts";
import { permittedSchema } from "./name-constraints.ts";
import { isAhead, renewalReason, windowProblems } from "./renewal.ts";

const inputs = z.object({
  commonName: z.string({ error: "must be a name of 1 to 64 characters" }).regex(/^(?=\S)[^\p{Cc}]{1,64}(?<=\S)$/u, {
    error: "must be a name of 1 to 64 characters, without control characters and without spaces at its ends",
  }),
  ...issueInputs,
  organizationalUnit: z.string().min(1).max(64).optional(),
  permitted: permittedSchema.optional(),
  lifetime: durationSchema.default("10 years"),
});

const outputs = certificateFactsSchema.extend({ certificatePem: z.string(), privateKeyPem: z.string() });

type Inputs = z.infer<typeof inputs>;
type Outputs = z.infer<typeof outputs>;

/** The lifecycle behind the class `CertificateAuthority`. */
export const certificateAuthorityDefinition = {
  type: "registry-kit:certificates:CertificateAuthority",
  inputs,
  outputs,
  secretOutputs: ["privateKeyPem"],
  initial: (news, { urn }) => ({ ...initialKey(news), organizationalUnit: stackOf(urn).slice(0, 64) || undefined }),
  validateKnown: ({ lifetime, renewBefore }) => (lifetime && renewBefore ? windowProblems(lifetime, renewBefore) : []),
  due: (state, news, context) => dueNow(state, news, context.now()),
  async create(news, context) {
    const issuing = issue(news, context.now());
    // What an authority is made for needs a key too, mostly one of the same size.
    beginKeyPair(keyKind(news));
    return { id: randomUUID(), outputs: await issuing };
  },
  async update(state, news, context) {
    const now = context.now();
    return asksForIssue(state.inputs, news) || dueNow(state, news, now).length > 0 ? issue(news, now) : state.outputs;
  },
} satisfies ResourceDefinition<Inputs, Outputs>;

function dueNow(state: ResourceState<Inputs, Outputs>, news: Inputs, now: Date): Due<Outputs>[] {
  const reason = renewalReason(state.outputs, news.renewBefore, now);
  if (!reason) return [];
  const property = isAhead(state.outputs.notBefore, now) ? "notBefore" : "notAfter";
  return [{ property, reason: `${reason}: it will be re-issued` }];
}

function asksForIssue(old: Inputs, news: Inputs): boolean {
  return (
    news.generation > old.generation ||
    news.commonName !== old.commonName ||
    keyKind(news) !== keyKind(old) ||
    news.organizationalUnit !== old.organizationalUnit ||
    !isDeepStrictEqual(news.permitted, old.permitted) ||
    news.lifetime !== old.lifetime
  );
}

async function issue(news: Inputs, now: Date): Promise<Outputs> {
  const issued = await issueAuthority(news, now);
  return { ...issued, ...describeCertificate(issued.certificatePem) };
}
