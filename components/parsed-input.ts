import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { describeIssues } from "../lib/validation/describe-issues.ts";

/**
 * A value of a component's property as its schema reads it, with defaults.
 * @throws `InputPropertiesError` with every problem, each by its path in the component's own properties
 */
export function parsedInput<Schema extends z.ZodType>(
  property: string,
  schema: Schema,
  value: z.input<Schema>,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw inputProblems(
    describeIssues(result.error, { noun: "property" }).map(({ path, reason }) => ({
      path: path ? `${property}.${path}` : property,
      reason,
    })),
  );
}

/** Problems of a component's inputs, as an error that an engine shows beside the component. */
export function inputProblems(problems: { path: string; reason: string }[]): pulumi.InputPropertiesError {
  return new pulumi.InputPropertiesError({
    message: problems.map(({ path, reason }) => `${path} ${reason}`).join("\n"),
    errors: problems.map(({ path, reason }) => ({ propertyPath: path, reason })),
  });
}
