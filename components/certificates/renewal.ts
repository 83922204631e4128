import type { Problems } from "../../provider/resource-definition.ts";
import type { Duration } from "./duration.ts";
import { durationMilliseconds } from "./duration.ts";

/** `expires <date>, inside the renewal window of 30 days`, or that it has expired; undefined: neither. */
export function renewalReason(notAfter: string, renewBefore: Duration, now: Date): string | undefined {
  const end = new Date(notAfter).getTime();
  if (now.getTime() >= end) return `expired on ${notAfter}`;
  if (now.getTime() < end - durationMilliseconds(renewBefore)) return undefined;
  return `expires ${notAfter}, inside the renewal window of ${renewBefore}`;
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
