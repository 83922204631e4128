import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { defineResource } from "../../provider/define-resource.ts";
import type { ResourceDefinition } from "../../provider/resource-definition.ts";
import { certificateHost } from "./certificate-host.ts";
import { checkProvidedCertificate, splitPem } from "./check-provided-certificate.ts";
import { duration } from "./duration.ts";
import { renewalReason } from "./renewal.ts";

const inputs = z.object({
  hosts: z.array(certificateHost).min(1, "must name at least one host"),
  certificatePem: z.string(),
  privateKeyPem: z.string(),
  chainPem: z.string(),
  warnBefore: duration.default("30 days"),
});

const outputs = z.object({
  authorityCertificatePem: z.string(),
  fullChainPem: z.string(),
  notAfter: z.string(),
  fingerprint: z.string(),
});

type Inputs = z.infer<typeof inputs>;
type Outputs = z.infer<typeof outputs>;

/** `registry-kit:certificates:ProvidedCertificate`: see the class of that name for what it means to users. */
export const providedCertificateDefinition: ResourceDefinition<Inputs, Outputs> = {
  type: "registry-kit:certificates:ProvidedCertificate",
  inputs,
  outputs,
  secretOutputs: [],
  validate(news, { now, log }) {
    const problems = checkProvidedCertificate(news, news.hosts, now());
    const { notAfter } = problems.length > 0 ? { notAfter: "" } : describe(news);
    const due = notAfter && renewalReason(notAfter, news.warnBefore, now());
    if (due) log("warning", `The certificate that you brought expires at ${notAfter}: bring a new one.`);
    return problems;
  },
  create: async (news) => ({ id: describe(news).fingerprint, outputs: describe(news) }),
  update: async (_state, news) => describe(news),
};

export const providedCertificate = defineResource(providedCertificateDefinition);

function describe({ certificatePem, chainPem }: Inputs): Outputs {
  const certificate = new X509Certificate(certificatePem);
  const chain = splitPem(chainPem);
  return {
    authorityCertificatePem: chain.at(-1) ?? "",
    fullChainPem: [...splitPem(certificatePem).slice(0, 1), ...chain].join(""),
    notAfter: certificate.validToDate.toISOString().replace(".000Z", "Z"),
    fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}
