/** How long before the time of issue a certificate begins to be valid: clocks of clients may be slow. */
export const backDateMilliseconds = 5 * 60_000;

export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

/**
 * From five minutes before `now` until a lifetime after it, but not after `end`. Whole seconds, as certificates hold
 * no fractions.
 */
export function validity(now: Date, lifetimeMilliseconds: number, end?: Date): Validity {
  const start = Math.floor(now.getTime() / 1000) * 1000;
  const notAfter = Math.min(start + lifetimeMilliseconds, end?.getTime() ?? Number.POSITIVE_INFINITY);
  return { notBefore: new Date(start - backDateMilliseconds), notAfter: new Date(notAfter) };
}
