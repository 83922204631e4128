import type { z } from "zod";
import { describeKind, describeValue } from "./describe-value.ts";

/** What a user wrote at the place of a problem. */
export interface Given {
  /** Undefined: nothing. */
  value: unknown;
  /** It, or something in it, must not be shown. */
  isSecret: boolean;
}

/**
 * A problem in words: what was given, and what is allowed. The schema's own message is taken where it has one; the library's
 * default ones ("Invalid input: expected number, received string") never reach a user.
 *
 * @param given undefined: it is not known what was given, so only what is allowed can be said
 */
export function describeIssue(issue: z.core.$ZodIssue, given: Given | undefined): string {
  const own = isDefault(issue) ? undefined : issue.message;
  const rule = own ?? allowed(issue);
  if (!given || !rule.startsWith("must ")) return rule;
  if (given.value === undefined) return own === undefined ? "is missing" : `is missing; it ${rule}`;
  const isShape = ["invalid_type", "invalid_union", "invalid_value"].includes(issue.code);
  // A rule on the parts of a collection is not about its kind.
  if (typeof given.value === "object" && given.value !== null && !isShape) return rule;
  const shown = given.isSecret ? describeKind(given.value) : describeValue(given.value);
  if (given.isSecret && !isShape) return rule;
  return `is ${shown}; it ${rule}${hint(issue, given)}`;
}

/** The beginnings of the library's own messages. */
export function isDefault({ message }: z.core.$ZodIssue): boolean {
  return /^(Invalid|Too (big|small)|Unrecognized|Expected|Required)\b/.test(message);
}

/** What is allowed, where the schema has no words for it. */
function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${alternatives(issue.values.map((value) => JSON.stringify(value)))}`;
    case "too_big":
      return range(issue.origin, issue.inclusive === false ? "less than" : "at most", Number(issue.maximum));
    case "too_small":
      return issue.minimum === 1 && !isNumeric(issue.origin)
        ? "must not be empty"
        : range(issue.origin, issue.inclusive === false ? "more than" : "at least", Number(issue.minimum));
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_union":
      return `must be ${alternatives([...new Set(issue.errors.flat().map(branch))])}`;
    default:
      return "is not in a form that is allowed here; see docs/settings.md";
  }
}

const kinds: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false, without quotes",
  array: 'a list, with "- " before each item',
  object: "a section with keys of its own",
  record: "a map of names",
};

function branch(issue: z.core.$ZodIssue): string {
  return isDefault(issue) ? allowed(issue).replace(/^must be /, "") : issue.message.replace(/^must be /, "");
}

function alternatives(words: string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function isNumeric(origin: string): boolean {
  return ["number", "int", "bigint"].includes(origin);
}

function range(origin: string, limit: string, bound: number): string {
  if (isNumeric(origin)) return `must be ${limit} ${bound}`;
  return `must have ${limit} ${bound} ${origin === "string" ? "characters" : "entries"}`;
}

/** The usual cause of a value of another kind: quotes. */
function hint(issue: z.core.$ZodIssue, { value }: Given): string {
  if (typeof value === "object") return "";
  const wantsText = issue.code === "invalid_type" && issue.expected === "string";
  const isMeant = issue.code === "invalid_value" && issue.values.some((one) => one === String(value));
  if (typeof value !== "string" && (wantsText || isMeant)) return ". Put it in quotes";
  const wantsNumber = issue.code === "invalid_type" && ["number", "int"].includes(issue.expected);
  return wantsNumber && typeof value === "string" && /^\d+$/.test(value) ? ". Leave the quotes out" : "";
}
