import { randomUUID, X509Certificate } from "node:crypto";
import { z } from "zod";
import type { ResourceContext, ResourceDefinition } from "../../lib/provider/resource-definition.ts";
import { durationSchema } from "../../lib/time/duration.ts";
import type { ServerCertificateOutputs as Outputs } from "./certificate-schemas.ts";
import { pemSchema, serverCertificateOutputs } from "./certificate-schemas.ts";
import { checkProvidedCertificate, providedFiles } from "./check-provided-certificate.ts";
import { describeCertificate } from "./describe-certificate.ts";
import { renewalReason } from "./renewal.ts";
import { hostsSchema } from "./subject-alternative-names.ts";
import { tryHandshakes } from "./try-handshake.ts";

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
  async validate(news, context) {
    const problems = checkProvidedCertificate({ ...news, now: context.now() });
    if (problems.length > 0) return problems;
    warnOfExpiry(news, context);
    const failures = await tryHandshakes(providedFiles(news), news.hosts);
    return failures.map((reason) => ({ property: "certificatePem", reason }));
  },
  async create(news) {
    return { id: randomUUID(), outputs: outputsOf(news) };
  },
  async update(_state, news) {
    return outputsOf(news);
  },
} satisfies ResourceDefinition<Inputs, Outputs>;

/** The kit cannot renew it, so it is no reason for an update; the check runs in every preview and up. */
function warnOfExpiry(news: Inputs, context: ResourceContext): void {
  const reason = renewalReason(describeCertificate(providedFiles(news).chainPem), news.renewBefore, context.now());
  if (reason) context.log("warning", `${reason}: get a new one from its issuer`);
}

function outputsOf(news: Inputs): Outputs {
  const files = providedFiles(news);
  return { ...describeCertificate(files.chainPem), certificatePem: firstOf(files.chainPem), ...files };
}

function firstOf(chainPem: string): string {
  return new X509Certificate(chainPem).toString();
}
