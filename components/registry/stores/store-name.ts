import type { z } from "zod";
import { line } from "../configuration/field-types.ts";

/** What a name must keep to: whether it does not, and what is said then. */
export type NameRule = [isBroken: (name: string) => boolean, message: string];

/** So many characters. */
export const length = (from: number, to: number): NameRule => [
  (name) => name.length < from || name.length > to,
  `must be ${from} to ${to} characters long`,
];

export const letterOrDigitAtBothEnds: NameRule = [
  (name) => !/^[a-z0-9]/i.test(name) || !/[a-z0-9]$/i.test(name),
  "must begin and end with a letter or digit",
];

export const noAddress: NameRule = [(name) => /^\d+(\.\d+){3}$/.test(name), "must not look like an IP address"];

/** A name that keeps to these rules. Every rule that a name breaks is named, not only the first. */
export function nameWith(rules: NameRule[]): z.ZodType<string, string> {
  return line.check(({ value, issues }) => {
    for (const [isBroken, message] of rules) {
      if (isBroken(value))
        issues.push({ code: "custom", message: `is ${JSON.stringify(value)}; it ${message}.`, input: value });
    }
  });
}
