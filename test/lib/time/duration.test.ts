import { expect, it } from "vitest";
import type { Duration } from "../../../lib/time/duration.ts";
import { durationMilliseconds, durationSchema } from "../../../lib/time/duration.ts";

it.each<[Duration, number]>([
  ["1 second", 1_000],
  ["90 seconds", 90_000],
  ["15 minutes", 900_000],
  ["36 hours", 129_600_000],
  ["397 days", 34_300_800_000],
  ["2 weeks", 1_209_600_000],
  ["1 year", 31_536_000_000],
  ["10 years", 315_360_000_000],
])("reads %s", (text, milliseconds) => {
  expect(durationSchema.parse(text)).toBe(text);
  expect(durationMilliseconds(text)).toBe(milliseconds);
});

it.each(["", "397", "397d", "1.5 days", "0 days", "-1 days", "3 months", " 3 days", "3  days", "101 years", 397, null])(
  "refuses %j and names the units",
  (value) => {
    const issues = durationSchema.safeParse(value).error?.issues ?? [];
    expect(issues.map((issue) => issue.message)).toEqual([
      'must be a whole number and a unit, up to 100 years, for example "397 days". ' +
        "Units: seconds, minutes, hours, days, weeks, years (365 days)",
    ]);
  },
);
