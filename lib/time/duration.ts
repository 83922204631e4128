import { z } from "zod";

const unitSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, year: 31_536_000 } as const;

type Unit = keyof typeof unitSeconds;

/** A length of time in words: `397 days`, `36 hours`, `90 seconds`, `10 years`. A year is 365 days. */
export type Duration = `${number} ${Unit}` | `${number} ${Unit}s`;

const pattern = /^([1-9]\d{0,8}) (second|minute|hour|day|week|year)s?$/;

const error =
  'must be a whole number and a unit, up to 100 years, for example "397 days". ' +
  "Units: seconds, minutes, hours, days, weeks, years (365 days)";

/** Validates a duration; longer ones than 100 years are refused. */
export const durationSchema = z
  .string({ error })
  .regex(pattern, { error, abort: true })
  .refine((text) => milliseconds(text) <= milliseconds("100 years"), { error }) as unknown as z.ZodType<
  Duration,
  Duration
>;

/** The length in milliseconds. Throws, with the units, for text that is no duration. */
export function durationMilliseconds(duration: Duration): number {
  return milliseconds(durationSchema.parse(duration));
}

function milliseconds(text: string): number {
  const [, count, unit] = pattern.exec(text) ?? [];
  return Number(count) * unitSeconds[unit as Unit] * 1000;
}
