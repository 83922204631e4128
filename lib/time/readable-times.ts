/** A text whose times are as people read them: `2026-12-01T05:15:00.123456789Z` becomes `2026-12-01 05:15:00 UTC`. */
export function readableTimes(text: string): string {
  return text.replaceAll(/(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g, "$1 $2 UTC");
}
