import type { Duration } from "./duration.ts";
import { milliseconds } from "./duration.ts";

/** Why a certificate is to be renewed now, in one sentence; undefined: it is not yet time. */
export function renewalReason(notAfter: string, renewBefore: Duration, now: Date): string | undefined {
  const left = Date.parse(notAfter) - now.getTime();
  if (left > milliseconds(renewBefore)) return undefined;
  if (left <= 0) return `expired at ${notAfter}: it is issued anew`;
  return `expires at ${notAfter}, inside the renewal window of ${renewBefore}: it is issued anew`;
}

/** What is wrong with a lifetime and its renewal window together. */
export function windowProblems(lifetime: Duration, renewBefore: Duration): { property: string; reason: string }[] {
  if (milliseconds(renewBefore) < milliseconds(lifetime)) return [];
  const reason = `is ${renewBefore}, as long as the lifetime of ${lifetime} or longer: it would be renewed with every up.`;
  return [{ property: "renewBefore", reason }];
}
