import type { X509Certificate } from "node:crypto";
import { certificatesIn } from "../resources/certificates.ts";
import type { Resource } from "../resources/resource.ts";
import type { ResourceRule } from "../resources/rule.ts";

const day = 86_400_000;
/** CA/Browser Forum, Baseline Requirements 6.3.2; clients of Apple enforce it for every authority. */
const longestDays = 398;

export const certificateLifetime: ResourceRule = {
  name: "certificate-lifetime",
  description: `A server certificate must be valid for ${longestDays} days at most: clients refuse longer ones, and a stolen key must end.`,
  level: "mandatory",
  check: (resource) =>
    [...certificatesIn(resource).filter(isServers).map(days), ...wantedDays(resource)]
      .filter((length) => length > longestDays)
      .map(
        (length) => `Its certificate is valid for ${Math.ceil(length)} days. Issue one for ${longestDays} or fewer.`,
      ),
};

function isServers({ ca }: X509Certificate): boolean {
  return !ca;
}

function days({ validFromDate, validToDate }: X509Certificate): number {
  return (validToDate.getTime() - validFromDate.getTime()) / day;
}

/** What resources of @pulumi/tls are asked to issue; the kit's own refuse more by themselves. */
function wantedDays({ type, properties: { validityPeriodHours: hours, isCaCertificate } }: Resource): number[] {
  const issues = /^tls:index\/(locallySignedCert:LocallySignedCert|selfSignedCert:SelfSignedCert)$/.test(type);
  return issues && typeof hours === "number" && isCaCertificate !== true ? [hours / 24] : [];
}
