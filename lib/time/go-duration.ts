const units: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Nanoseconds of a duration as Go writes it (`1m30s`, `1.5h`, `0`); undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  const [, sign, rest] = /^([+-]?)((?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h).*)$/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const parts = [...rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  if (parts.map(([part]) => part).join("") !== rest) return undefined;
  const sum = parts.reduce((total, [, amount, unit]) => total + Number(amount) * (units[unit ?? ""] ?? 0), 0);
  return Math.round(sign === "-" ? -sum : sum);
}

/** Nanoseconds of an optional duration; what is not given counts as zero. */
export function nanoseconds(text: string | undefined): number {
  return parseDuration(text ?? "0") ?? 0;
}

/** A duration as Go prints it: `0s`, `1m30s`, `1h0m0s`, `1.5s`, `250ms`. */
export function formatDuration(nanoseconds: number | undefined): string {
  const value = nanoseconds ?? 0;
  if (value === 0) return "0s";
  const size = Math.abs(value);
  const sign = value < 0 ? "-" : "";
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < 1e9) return `${sign}${size / 1e6}ms`;
  const hours = Math.floor(size / 3600e9);
  const minutes = Math.floor((size % 3600e9) / 60e9);
  const seconds = `${(size % 60e9) / 1e9}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** The same text for every spelling of one duration; nothing for no time at all, which is what leaving it out means. */
export function canonicalDuration(text: string): string {
  const value = parseDuration(text);
  if (value === 0) return "";
  return value === undefined ? text : formatDuration(value);
}
