import type { z } from "zod";
import type { Given } from "../../lib/validation/describe-issue.ts";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import { describeIssues } from "../../lib/validation/describe-issues.ts";
import { isCollection, isSecretAt, keysAt } from "../schema/schema-places.ts";
import { settings } from "../settings/settings.ts";

/** What the schema of the settings says against these values, in words that show no secret. */
export function schemaProblems(error: z.ZodError, given: Record<string, unknown>): Problem[] {
  return describeIssues(error, { knownKeys: (path) => keysAt(settings, path), given: givenIn(given) });
}

/** What was written at a place; and whether its schema says that it is nothing to show. */
function givenIn(values: Record<string, unknown>): (path: PropertyKey[]) => Given {
  return (path) => {
    const value = path.reduce<unknown>(
      (inner, key) => (isCollection(inner) && Object.hasOwn(inner, key) ? inner[key as keyof typeof inner] : undefined),
      values,
    );
    return { value, isSecret: isSecretAt(settings, path) };
  };
}
