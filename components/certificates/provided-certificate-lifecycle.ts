import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ResourceContext, ResourceDefinition } from "../../provider/resource-definition.ts";
import type { ServerCertificateOutputs as Outputs } from "./certificate-schemas.ts";
import { pemSchema, serverCertificateOutputs } from "./certificate-schemas.ts";
import { checkProvidedCertificate, providedChain } from "./check-provided-certificate.ts";
import { describeCertificate } from "./describe-certificate.ts";
import { durationSchema } from "./duration.ts";
import { renewalReason } from "./renewal.ts";
import { hostsSchema } from "./subject-alternative-names.ts";

const inputs = z.object({
  hosts: hostsSchema,
  certificatePem: pemSchema,
  privateKeyPem: pemSchema,
  chainPem: pemSchema.optional(),
  renewBefore: durationSchema.default("30 days"),
});

type Inputs = z.infer<typeof inputs>;

/** The lifecycle behind the class `ProvidedCertificate`. */
export const providedCertificateDefinition = {
  type: "registry-kit:certificates:ProvidedCertificate",
  inputs,
  outputs: serverCertificateOutputs,
  secretOutputs: ["privateKeyPem"],
  validate(news, context) {
    const problems = checkProvidedCertificate({ ...news, now: context.now() });
    if (problems.length === 0) warnOfExpiry(news, context);
    return problems;
  },
  async create(news) {
    return { id: randomUUID(), outputs: outputsOf(news) };
  },
  async update(_state, news) {
    return outputsOf(news);
  },
} satisfies ResourceDefinition<Inputs, Outputs>;

/** Nobody here can renew it, so it is no reason for an update; the check runs in every preview and up. */
function warnOfExpiry(news: Inputs, context: ResourceContext): void {
  const { notAfter } = describeCertificate(news.certificatePem);
  const reason = renewalReason(notAfter, news.renewBefore, context.now());
  if (reason) context.log("warning", `${reason}: get a new one from whoever issued it`);
}

function outputsOf(news: Inputs): Outputs {
  const chain = providedChain(news).map(String);
  return {
    ...describeCertificate(news.certificatePem),
    certificatePem: chain[0] ?? "",
    chainPem: chain.join(""),
    privateKeyPem: news.privateKeyPem,
    authorityCertificatePem: chain.at(-1) ?? "",
  };
}
