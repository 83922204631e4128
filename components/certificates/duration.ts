import { z } from "zod";

const second = 1000;
const units = {
  second,
  minute: 60 * second,
  hour: 3600 * second,
  day: 24 * 3600 * second,
  week: 7 * 24 * 3600 * second,
  year: 365 * 24 * 3600 * second,
} as const;

type Unit = keyof typeof units;

/** A length of time in words: `30 days`, `1 year`, `90 seconds`. A year is 365 days. */
export type Duration = `${number} ${Unit | `${Unit}s`}`;

const pattern = /^(\d+) (second|minute|hour|day|week|year)s?$/;

/** Accepts a {@link Duration} of at least one second. */
export const duration = z
  .string()
  .refine(
    (text): text is Duration => Number(pattern.exec(text)?.[1] ?? 0) > 0,
    `must be a whole number and a unit (${Object.keys(units).join(", ")}), for example "30 days"`,
  );

/** The length in milliseconds. */
export function milliseconds(text: Duration): number {
  const [, count, unit] = pattern.exec(text) ?? [];
  return Number(count) * units[unit as Unit];
}
