import type { Problems } from "../../lib/provider/resource-definition.ts";
import type { Duration } from "../../lib/time/duration.ts";
import { durationMilliseconds } from "../../lib/time/duration.ts";
import type { CertificateFacts } from "./certificate-schemas.ts";

/**
 * `expires <date>, inside the renewal window of 30 days`, or that it has expired, or that it is not valid yet: the clock was ahead
 * when it was made, and clients with the right time refuse it. undefined: nothing of that.
 */
export function renewalReason(
  { notBefore, notAfter }: Pick<CertificateFacts, "notBefore" | "notAfter">,
  renewBefore: Duration,
  now: Date,
): string | undefined {
  if (isAhead(notBefore, now))
    return `begins only on ${notBefore}: this machine's clock was ahead when it was issued, or is behind now`;
  const end = new Date(notAfter).getTime();
  if (now.getTime() >= end) return `expired on ${notAfter}`;
  if (now.getTime() < end - durationMilliseconds(renewBefore)) return undefined;
  return `expires ${notAfter}, inside the renewal window of ${renewBefore}`;
}

/** Whether a certificate is not valid yet. */
export function isAhead(notBefore: string, now: Date): boolean {
  return now < new Date(notBefore);
}

/** A window as long as the lifetime would re-issue the certificate in every run. */
export function windowProblems(
  lifetime: Duration,
  renewBefore: Duration,
  lifetimeMilliseconds = durationMilliseconds(lifetime),
): Problems {
  if (durationMilliseconds(renewBefore) < lifetimeMilliseconds) return [];
  return [
    {
      property: "renewBefore",
      reason: `the renewal window of ${renewBefore} must be shorter than the lifetime of ${lifetime}`,
    },
  ];
}
