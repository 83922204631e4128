import { InvalidArgumentError } from "commander";

const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `24h` or `7d` in milliseconds. */
export function parseAge(text: string): number {
  const [, count, name] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count === undefined) throw new InvalidArgumentError('Give minutes, hours or days: "30m", "24h", "7d".');
  return Number(count) * unit[name as keyof typeof unit];
}
