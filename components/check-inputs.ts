import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { describeIssues } from "../lib/validation/describe-issues.ts";

/** One thing that is wrong with a component's inputs. */
interface InputProblem {
  path: string;
  reason: string;
}

/** What a component takes. */
export interface ComponentInputs {
  /** Its class. */
  component: string;
  /** What each option must be. */
  shape: Record<string, z.ZodType>;
  /** Options that decide which resources there are, or are read before those are made. */
  plain: readonly string[];
}

/**
 * What is wrong with the options of a component, as far as they are known by now; each resource checks the rest as soon as that is
 * known.
 */
export function inputProblemsOf(args: object, { component, shape, plain }: ComponentInputs): InputProblem[] {
  const given: Record<string, unknown> = { ...args };
  const problems = Object.keys(given)
    .filter((key) => !(key in shape) && given[key] !== undefined)
    .map((path) => ({ path, reason: `is not a property of ${component}. Allowed: ${Object.keys(shape).join(", ")}.` }));
  for (const [key, schema] of Object.entries(shape)) {
    const value = given[key];
    if (comesLater(value)) {
      if (plain.includes(key)) problems.push({ path: key, reason: "must be plain: no outputs of other resources." });
      continue;
    }
    const { error } = schema.safeParse(value);
    for (const { path, reason } of error ? describeIssues(error, { noun: "property" }) : [])
      problems.push({ path: path ? `${key}${path.startsWith("[") ? "" : "."}${path}` : key, reason });
  }
  return problems;
}

/** Whether a value is, or holds, something that is known only when other resources are made. */
export function comesLater(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.Resource.isInstance(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(comesLater);
}
