import { z } from "zod";
import { defineResource } from "../../provider/define-resource.ts";
import type { ResourceContext, ResourceDefinition } from "../../provider/resource-definition.ts";
import { certificateOutputs } from "./certificate-outputs.ts";
import { duration, milliseconds } from "./duration.ts";
import { issueAuthority } from "./issue-authority.ts";
import { keyBits } from "./key-bits.ts";
import { renewalReason, windowProblems } from "./renewal.ts";

const inputs = z.object({
  commonName: z.string().min(1).max(64).default("registry-kit CA"),
  keyBits,
  lifetime: duration.default("10 years"),
  renewBefore: duration.default("1 year"),
  generation: z.int().min(1).default(1),
});

type Inputs = z.infer<typeof inputs>;
type Outputs = z.infer<typeof certificateOutputs>;

/** `registry-kit:certificates:CertificateAuthority`: see the class of that name for what it means to users. */
export const certificateAuthorityDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:certificates:CertificateAuthority",
  inputs,
  outputs: certificateOutputs,
  secretOutputs: ["privateKeyPem"],
  validate: ({ lifetime, renewBefore }) => windowProblems(lifetime, renewBefore),
  due({ outputs }, { renewBefore }, { now }) {
    const reason = renewalReason(outputs.notAfter, renewBefore, now());
    return reason
      ? [{ property: "notAfter", reason: `The certificate authority ${reason}. Every daemon must get the new one.` }]
      : [];
  },
  async create(news, context) {
    const outputs = await issue(news, context);
    return { id: outputs.fingerprint, outputs };
  },
  async update(state, news, context) {
    // A change of the renewal window alone moves a date, nothing else.
    const same = (["commonName", "keyBits", "lifetime", "generation"] as const).every(
      (key) => state.inputs[key] === news[key],
    );
    const due = renewalReason(state.outputs.notAfter, news.renewBefore, context.now());
    return same && !due ? state.outputs : await issue(news, context);
  },
};

export const certificateAuthority = defineResource(certificateAuthorityDefinition);

async function issue({ commonName, keyBits: bits, lifetime }: Inputs, { now }: ResourceContext): Promise<Outputs> {
  return await issueAuthority({ commonName, keyBits: bits, lifetime: milliseconds(lifetime), now: now() });
}
