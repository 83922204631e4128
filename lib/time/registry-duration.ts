const unitSeconds = { h: 3600, m: 60, s: 1, ms: 0.001 } as const;

/** Whether the text is a duration as the registry reads it: numbers with the units h, m, s, ms in any order. */
export function isDuration(text: string): boolean {
  return /^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text);
}

/** The length in seconds of a duration such as `1h30m` (5400); text for which `isDuration` holds. */
export function durationSeconds(text: string): number {
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g);
  return [...parts].reduce(
    (sum, [, value, unit]) => sum + Number(value) * unitSeconds[unit as keyof typeof unitSeconds],
    0,
  );
}
