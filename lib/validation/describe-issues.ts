import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { describeIssue, type Given, isDefault } from "./describe-issue.ts";

/** One thing that is wrong with a value, in words for the person who wrote it. */
export interface Problem {
  /** Where: `users.moby.password`; empty for the whole value. */
  path: string;
  /** What is wrong, what is allowed, what to do. Never a secret's value. */
  reason: string;
  /** Where it stands in the settings file, counted from 1. Undefined: not known, or not there. */
  at?: { line: number; column: number };
}

export interface IssueContext {
  /** The keys that are allowed at a place, for the guess behind a typing error. Default: none are known. */
  knownKeys?: (path: PropertyKey[]) => string[];
  /** What was given at a place. Default: not known. */
  given?: (path: PropertyKey[]) => Given;
  /** What a key is called that is not known. Default: setting. */
  noun?: string;
}

/** Every problem that a schema found, one entry each; unknown keys come with the known key they resemble. */
export function describeIssues(error: z.ZodError, context: IssueContext = {}): Problem[] {
  return leafIssues(error).flatMap((issue) => describeOne(issue, context));
}

/** Every issue at its own place: of a union those of the branch that came nearest. */
export function leafIssues(error: z.ZodError): z.core.$ZodIssue[] {
  return error.issues.flatMap(leaves);
}

function leaves(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const best = issue.code === "invalid_union" ? bestBranch(issue.errors) : undefined;
  return best?.flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

function describeOne(
  issue: z.core.$ZodIssue,
  { knownKeys = () => [], given, noun = "setting" }: IssueContext,
): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      reason: `is not a ${noun}.${nearMiss(key, knownKeys(issue.path))}`,
    }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => {
      // The words of the keys, else those of the map.
      const reason = isDefault(inner) && !isDefault(issue) ? issue.message : describeIssue(inner, undefined);
      return { path: pathText(issue.path), reason };
    });
  }
  return [{ path: pathText(issue.path), reason: describeIssue(issue, given?.(issue.path)) }];
}

/** The branch of a union that came nearest: the one whose problems lie deepest. */
function bestBranch(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  // Where keys are unknown, the rest of the object fits.
  const depthOf = ({ path, code }: z.core.$ZodIssue) => path.length + (code === "unrecognized_keys" ? 1 : 0);
  const depth = (issues: z.core.$ZodIssue[]) => Math.max(0, ...issues.map(depthOf));
  const deepest = branches.toSorted((a, b) => depth(b) - depth(a))[0];
  return deepest && depth(deepest) > 0 ? deepest : undefined;
}

/** ` Did you mean "port"?` for a typing error, else the list of what is allowed. */
export function nearMiss(given: string, known: string[]): string {
  if (known.length === 0) return "";
  const candidate = nearest(given, known);
  return candidate === undefined ? ` Allowed: ${known.join(", ")}.` : ` Did you mean "${candidate}"?`;
}

/** What a typing error was meant to be; undefined: nothing is near enough. */
export function nearest(given: string, known: string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(given.toLowerCase(), known);
  const isNear = distance(given.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, given.length / 3);
  return isNear ? candidate : undefined;
}

/** `["users", "moby", 0]` as `users.moby[0]`. */
export function pathText(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    "",
  );
}
